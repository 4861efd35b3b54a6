// The shim's record of what would survive a loss of power: it follows POSIX to
// the letter. A file's bytes are durable up to the size it had when a sync of
// it began, a folder's entries up to those it had when a sync of the folder
// began; nothing else is.
//
// The record is a folder:
//   log       one line an event, appended with one write(2) each
//   keep/I    hard link to the file of inode I, whatever happened to its names
//   copy/I    its last synced bytes, once something overwrote or cut them
//   control   shim_control.h
// Lines of the log; a name stands last:
//   root I                    the tree's folder
//   dir P I NAME              there when the program started, hence durable
//   file P I SIZE NAME        likewise
//   + P I d|f NAME            entry made in folder P
//   - P I NAME                entry removed
//   = P Q I d|f OLD/NEW       entry moved from P to Q
//   fs I SIZE                 file I was synced
//   ds I COUNT                folder I was synced with the first COUNT of + - =
//   copy I                    copy/I is what counts until the next fs
//   escape WHAT               a call that the record cannot follow
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "tests/support/shim_control.h"
#include "tests/support/shim_kind.h"

namespace dataip::shim {

// Where a path leads: its folder and its name there.
struct Place {
  bool tracked = false;  // the folder belongs to the tree
  ino_t folder = 0;
  std::string name;
};

// Of this process; every method is thread safe unless it says otherwise.
class Record {
 public:
  // From the environment; null when the program runs without a record.
  static Record* Get();

  bool no_sync() const { return no_sync_; }
  Control& control() { return *control_; }

  Place PlaceOf(int folder_fd, const char* path) const;
  // Whether the descriptor's file or folder belongs to the tree.
  bool Tracks(int fd, struct stat* found);

  // Holds all changes of names while they are made and written down.
  std::unique_lock<std::mutex> Lock() { return std::unique_lock(mutex_); }

  // These want the lock held.
  void Created(const Place& place, const struct stat& file, int fd);
  void Removed(const Place& place, const struct stat& file);
  void Moved(const Place& from, const Place& to, const struct stat& file);
  // Before bytes from `offset` on are overwritten or cut off.
  void Preserve(ino_t file, uint64_t offset);

  // How much a sync that begins now will make durable.
  uint64_t SyncBegins(const struct stat& file);
  void Synced(const struct stat& file, uint64_t covered);

  void Escaped(const std::string& what);

 private:
  struct File {
    uint64_t synced_bytes = 0;
    bool copied = false;
  };

  Record(const std::string& root, const std::string& folder, bool no_sync);
  void Scan(const std::string& path, ino_t parent);
  void Keep(const std::string& path, ino_t file);
  void Write(const std::string& line);
  std::string FileOf(const char* folder, ino_t file) const;

  const std::string folder_;
  const bool no_sync_;
  int log_ = -1;
  Control* control_ = nullptr;
  dev_t device_ = 0;
  mutable std::mutex mutex_;
  mutable std::mutex known_mutex_;  // the three below; taken last
  std::unordered_map<ino_t, File> files_;
  std::unordered_set<ino_t> folders_;
  uint64_t changes_ = 0;
};

}  // namespace dataip::shim
