#include "tests/support/shim_record.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace dataip::shim {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "shim: %s: %s\n", what.c_str(), std::strerror(errno));
  std::abort();
}

std::string Number(uint64_t number) { return std::to_string(number); }

// The first `bytes` of one file into a new one.
void CopyFile(const std::string& from, const std::string& to, uint64_t bytes) {
  const int in = open(from.c_str(), O_RDONLY | O_CLOEXEC);
  const int out =
      open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (in < 0 || out < 0) Die("copying " + from);
  loff_t offset = 0;
  while (static_cast<uint64_t>(offset) < bytes) {
    const ssize_t count = copy_file_range(
        in, &offset, out, nullptr, bytes - static_cast<uint64_t>(offset), 0);
    if (count <= 0) Die("copying " + from);
  }
  close(in);
  close(out);
}

}  // namespace

Record* Record::Get() {
  static Record* const record = []() -> Record* {
    const char* root = std::getenv(kRootVariable);
    const char* folder = std::getenv(kRecordVariable);
    if (root == nullptr || folder == nullptr) return nullptr;
    return new Record(root, folder, std::getenv(kNoSyncVariable) != nullptr);
  }();
  return record;
}

Record::Record(const std::string& root, const std::string& folder, bool no_sync)
    : folder_(folder), no_sync_(no_sync) {
  log_ = open((folder_ + "/log").c_str(),
              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int control = open((folder_ + "/control").c_str(), O_RDWR | O_CLOEXEC);
  if (log_ < 0 || control < 0) Die("opening the record in " + folder_);
  void* page = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE,
                    MAP_SHARED, control, 0);
  if (page == MAP_FAILED) Die("mapping the control page");
  control_ = static_cast<Control*>(page);
  close(control);
  struct stat found {};
  if (stat(root.c_str(), &found) != 0) Die("looking at " + root);
  device_ = found.st_dev;
  folders_.insert(found.st_ino);
  Write("root " + Number(found.st_ino));
  Scan(root, found.st_ino);
}

void Record::Scan(const std::string& path, ino_t parent) {
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) Die("reading " + path);
  while (const dirent* entry = readdir(folder)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    std::string below = path;
    below.append("/").append(name);
    struct stat found {};
    if (lstat(below.c_str(), &found) != 0) Die("looking at " + below);
    if (S_ISDIR(found.st_mode)) {
      folders_.insert(found.st_ino);
      Write("dir " + Number(parent) + " " + Number(found.st_ino) + " " + name);
      Scan(below, found.st_ino);
    } else if (S_ISREG(found.st_mode)) {
      const auto bytes = static_cast<uint64_t>(found.st_size);
      Keep(below, found.st_ino);
      files_[found.st_ino] = {bytes, false};
      Write("file " + Number(parent) + " " + Number(found.st_ino) + " " +
            Number(bytes) + " " + name);
    }
  }
  closedir(folder);
}

std::string Record::FileOf(const char* folder, ino_t file) const {
  return folder_ + "/" + folder + "/" + Number(file);
}

void Record::Keep(const std::string& path, ino_t file) {
  const std::string kept = FileOf("keep", file);
  if (linkat(AT_FDCWD, path.c_str(), AT_FDCWD, kept.c_str(),
             AT_SYMLINK_FOLLOW) != 0 &&
      errno != EEXIST) {
    Die("keeping " + path);
  }
}

void Record::Write(const std::string& line) {
  const std::string text = line + "\n";
  if (write(log_, text.data(), text.size()) !=
      static_cast<ssize_t>(text.size())) {
    Die("writing the log");
  }
}

Place Record::PlaceOf(int folder_fd, const char* path) const {
  std::string text = path;
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  const size_t slash = text.rfind('/');
  Place place;
  place.name = slash == std::string::npos ? text : text.substr(slash + 1);
  std::string parent = ".";
  if (slash == 0) parent = "/";
  if (slash != std::string::npos && slash > 0) parent = text.substr(0, slash);
  struct stat found {};
  if (fstatat(folder_fd, parent.c_str(), &found, 0) != 0) return place;
  const std::lock_guard lock(known_mutex_);
  place.folder = found.st_ino;
  place.tracked = found.st_dev == device_ && folders_.count(found.st_ino) != 0;
  return place;
}

bool Record::Tracks(int fd, struct stat* found) {
  if (fstat(fd, found) != 0 || found->st_dev != device_) return false;
  const std::lock_guard lock(known_mutex_);
  return S_ISDIR(found->st_mode) ? folders_.count(found->st_ino) != 0
                                 : files_.count(found->st_ino) != 0;
}

void Record::Created(const Place& place, const struct stat& file, int fd) {
  const bool folder = S_ISDIR(file.st_mode);
  {
    const std::lock_guard lock(known_mutex_);
    if (folder) {
      folders_.insert(file.st_ino);
    } else {
      files_.try_emplace(file.st_ino);
    }
    ++changes_;
  }
  if (!folder && fd >= 0) Keep("/proc/self/fd/" + Number(fd), file.st_ino);
  Write("+ " + Number(place.folder) + " " + Number(file.st_ino) +
        (folder ? " d " : " f ") + place.name);
}

void Record::Removed(const Place& place, const struct stat& file) {
  {
    const std::lock_guard lock(known_mutex_);
    ++changes_;
  }
  Write("- " + Number(place.folder) + " " + Number(file.st_ino) + " " +
        place.name);
}

void Record::Moved(const Place& from, const Place& to,
                   const struct stat& file) {
  {
    const std::lock_guard lock(known_mutex_);
    ++changes_;
  }
  Write("= " + Number(from.folder) + " " + Number(to.folder) + " " +
        Number(file.st_ino) + (S_ISDIR(file.st_mode) ? " d " : " f ") +
        from.name + "/" + to.name);
}

void Record::Preserve(ino_t file, uint64_t offset) {
  uint64_t bytes = 0;
  {
    const std::lock_guard lock(known_mutex_);
    const auto found = files_.find(file);
    if (found == files_.end() || found->second.copied ||
        offset >= found->second.synced_bytes) {
      return;
    }
    found->second.copied = true;
    bytes = found->second.synced_bytes;
  }
  const std::string copy = FileOf("copy", file);
  CopyFile(FileOf("keep", file), copy + ".new", bytes);
  if (rename((copy + ".new").c_str(), copy.c_str()) != 0) Die("copying");
  Write("copy " + Number(file));
}

uint64_t Record::SyncBegins(const struct stat& file) {
  if (!S_ISDIR(file.st_mode)) return static_cast<uint64_t>(file.st_size);
  const std::lock_guard lock(known_mutex_);
  return changes_;
}

void Record::Synced(const struct stat& file, uint64_t covered) {
  const std::lock_guard names(mutex_);
  if (S_ISDIR(file.st_mode)) {
    return Write("ds " + Number(file.st_ino) + " " + Number(covered));
  }
  {
    const std::lock_guard lock(known_mutex_);
    files_[file.st_ino] = {covered, false};
  }
  Write("fs " + Number(file.st_ino) + " " + Number(covered));
}

void Record::Escaped(const std::string& what) { Write("escape " + what); }

}  // namespace dataip::shim
