#include "tests/support/durable_cut.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "tests/support/shim_control.h"

namespace dataip::test {
namespace {

namespace fs = std::filesystem;

using Inode = uint64_t;

struct Entry {
  Inode inode = 0;
  bool folder = false;
};

// One entry made or removed in one folder.
struct Effect {
  uint64_t change = 0;  // counted from 1; a move is one change of two effects
  Inode folder = 0;
  std::string name;
  bool made = false;
  Entry entry;
  bool durable = false;
};

struct FileState {
  uint64_t synced_bytes = 0;
  bool copied = false;
};

// The record, read.
class Replay {
 public:
  absl::Status Read(const std::string& log);
  // After the last line: which of the pending changes survive.
  void KeepPending(uint64_t up_to);

  Inode root = 0;
  std::map<Inode, std::map<std::string, Entry>> folders;  // durable entries
  std::map<Inode, FileState> files;
  uint64_t changes = 0;
  uint64_t synced_calls = 0;
  std::vector<std::string> escapes;

  uint64_t FirstPending() const;
  uint64_t CountPending() const;

 private:
  bool ReadLine(std::istringstream& line);
  bool ReadMove(std::istringstream& line);
  void Apply(Effect& effect);

  std::vector<Effect> effects_;
};

std::string RestOf(std::istringstream& line) {
  std::string rest;
  line >> std::ws;
  std::getline(line, rest);
  return rest;
}

absl::Status Replay::Read(const std::string& log) {
  std::ifstream file(log);
  std::string text;
  while (std::getline(file, text)) {
    // A line that the kill cut short was never answered.
    if (file.eof()) break;
    std::istringstream line(text);
    if (!ReadLine(line)) {
      return absl::InternalError(absl::StrCat("the record's line: ", text));
    }
  }
  if (root == 0) return absl::InternalError("the record is empty");
  return absl::OkStatus();
}

bool Replay::ReadLine(std::istringstream& line) {
  std::string what;
  Inode first = 0;
  uint64_t second = 0;
  line >> what;
  if (what == "escape") {
    escapes.push_back(RestOf(line));
    return true;
  }
  line >> first;
  if (what == "root") {
    root = first;
  } else if (what == "dir") {
    line >> second;
    folders[first][RestOf(line)] = {second, true};
  } else if (what == "file") {
    line >> second;
    line >> files[second].synced_bytes;
    folders[first][RestOf(line)] = {second, false};
  } else if (what == "fs") {
    line >> second;
    files[first] = {second, false};
    ++synced_calls;
  } else if (what == "copy") {
    files[first].copied = true;
  } else if (what == "ds") {
    line >> second;
    ++synced_calls;
    for (Effect& effect : effects_) {
      if (effect.folder == first && effect.change <= second) Apply(effect);
    }
  } else if (what == "+") {
    std::string kind;
    line >> second >> kind;
    effects_.push_back(
        {++changes, first, RestOf(line), true, {second, kind == "d"}});
  } else if (what == "-") {
    line >> second;
    effects_.push_back({++changes, first, RestOf(line), false, {}});
  } else {
    line.seekg(0);
    return ReadMove(line);
  }
  return !line.fail();
}

bool Replay::ReadMove(std::istringstream& line) {
  std::string what;
  Inode from = 0;
  Inode to = 0;
  Entry entry;
  std::string kind;
  line >> what >> from >> to >> entry.inode >> kind;
  if (what != "=" || line.fail()) return false;
  entry.folder = kind == "d";
  const std::string names = RestOf(line);
  const size_t slash = names.find('/');
  if (slash == std::string::npos) return false;
  ++changes;
  effects_.push_back({changes, from, names.substr(0, slash), false, {}});
  effects_.push_back({changes, to, names.substr(slash + 1), true, entry});
  return true;
}

void Replay::Apply(Effect& effect) {
  if (effect.durable) return;
  effect.durable = true;
  if (effect.made) {
    folders[effect.folder][effect.name] = effect.entry;
  } else {
    folders[effect.folder].erase(effect.name);
  }
}

uint64_t Replay::FirstPending() const {
  for (const Effect& effect : effects_) {
    if (!effect.durable) return effect.change;
  }
  return changes + 1;
}

uint64_t Replay::CountPending() const {
  return static_cast<uint64_t>(
      std::count_if(effects_.begin(), effects_.end(),
                    [](const Effect& effect) { return !effect.durable; }));
}

void Replay::KeepPending(uint64_t up_to) {
  for (Effect& effect : effects_) {
    if (effect.change <= up_to) Apply(effect);
  }
}

// Makes the new tree.
class Rebuild {
 public:
  Rebuild(const Disk& disk, Replay& replay, Unsynced unsynced,
          std::mt19937_64& random)
      : disk_(disk), replay_(replay), unsynced_(unsynced), random_(random) {}

  void Folder(Inode inode, const std::string& path) {
    fs::create_directory(path);
    for (const auto& [name, entry] : replay_.folders[inode]) {
      const std::string below = absl::StrCat(path, "/", name);
      if (entry.folder) {
        Folder(entry.inode, below);
      } else {
        File(entry.inode, below);
      }
    }
  }

  uint64_t lost_bytes() const { return lost_bytes_; }

 private:
  void File(Inode inode, const std::string& path) {
    const FileState& state = replay_.files[inode];
    if (state.copied) {
      fs::copy_file(absl::StrCat(disk_.record, "/copy/", inode), path);
      return;
    }
    fs::create_hard_link(absl::StrCat(disk_.record, "/keep/", inode), path);
    const uint64_t bytes = fs::file_size(path);
    if (bytes <= state.synced_bytes) return;
    const uint64_t left = state.synced_bytes + Tail(bytes, state.synced_bytes);
    lost_bytes_ += bytes - left;
    fs::resize_file(path, left);
    if (unsynced_ == Unsynced::kZeros) {
      fs::resize_file(path, left + Upto(bytes - left));
    }
  }

  uint64_t Tail(uint64_t bytes, uint64_t synced) {
    return unsynced_ == Unsynced::kGone ? 0 : Upto(bytes - synced);
  }
  uint64_t Upto(uint64_t most) {
    return std::uniform_int_distribution<uint64_t>(0, most)(random_);
  }

  const Disk& disk_;
  Replay& replay_;
  const Unsynced unsynced_;
  std::mt19937_64& random_;
  uint64_t lost_bytes_ = 0;
};

}  // namespace

absl::StatusOr<Cut> CutToDurable(const Disk& disk, Unsynced unsynced,
                                 std::mt19937_64& random) {
  if (unsynced == Unsynced::kRandomly) {
    constexpr Unsynced kAny[] = {Unsynced::kGone, Unsynced::kPartly};
    unsynced = kAny[random() % std::size(kAny)];
  }
  Replay replay;
  RETURN_IF_ERROR(replay.Read(disk.record + "/log"));
  if (unsynced != Unsynced::kGone) {
    replay.KeepPending(std::uniform_int_distribution<uint64_t>(
        replay.FirstPending() - 1, replay.changes)(random));
  }
  const std::string built = disk.root + ".durable";
  Rebuild rebuild(disk, replay, unsynced, random);
  rebuild.Folder(replay.root, built);
  fs::remove_all(disk.root);
  fs::rename(built, disk.root);
  return Cut{replay.synced_calls, rebuild.lost_bytes(), replay.CountPending(),
             replay.escapes};
}

void ClearRecord(const std::string& record) {
  fs::remove_all(record);
  for (const char* folder : {"", "/keep", "/copy"}) {
    fs::create_directory(record + folder);
  }
  std::ofstream(record + "/control") << std::string(sizeof(shim::Control), 0);
}

}  // namespace dataip::test
