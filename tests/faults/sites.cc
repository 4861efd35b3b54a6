#include "tests/faults/sites.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/support/shim_kind.h"

namespace dataip::test {
namespace {

using shim::Call;
using shim::Kind;

struct SystemCall {
  const char* name;
  Call call;
};

constexpr SystemCall kSystemCalls[] = {
    {"openat", Call::kOpen},
    {"open", Call::kOpen},
    {"creat", Call::kOpen},
    {"write", Call::kWrite},
    {"pwrite64", Call::kWrite},
    {"writev", Call::kWrite},
    {"pwritev", Call::kWrite},
    {"pwritev2", Call::kWrite},
    {"copy_file_range", Call::kWrite},
    {"sendfile", Call::kWrite},
    {"io_uring_enter", Call::kWrite},
    {"fsync", Call::kFsync},
    {"fdatasync", Call::kFdatasync},
    {"sync_file_range", Call::kSyncRange},
    {"rename", Call::kRename},
    {"renameat", Call::kRename},
    {"renameat2", Call::kRename},
    {"unlink", Call::kUnlink},
    {"unlinkat", Call::kUnlink},
    {"rmdir", Call::kUnlink},
    {"link", Call::kLink},
    {"linkat", Call::kLink},
    {"mkdir", Call::kMkdir},
    {"mkdirat", Call::kMkdir},
    {"ftruncate", Call::kTruncate},
    {"truncate", Call::kTruncate},
    {"fallocate", Call::kAllocate},
};

// RocksDB numbers its files upwards.
constexpr int kNumbersAhead = 60;

bool NamesFiles(Call call) {
  return call == Call::kOpen || call == Call::kRename ||
         call == Call::kUnlink || call == Call::kLink || call == Call::kMkdir;
}

// Every path that a line of strace -y names: of descriptors and of strings
// behind a folder's descriptor.
std::vector<std::string> PathsIn(const std::string& line, Call call) {
  static const std::regex kDescriptor(R"((\d+|AT_FDCWD)<([^>]*)>)");
  static const std::regex kText(R"(<([^>]*)>, \"([^\"]*)\")");
  static const std::regex kFirst(R"(^[a-z0-9_]+\(\"([^\"]*)\")");
  std::vector<std::string> paths;
  std::smatch found;
  if (!NamesFiles(call)) {
    if (std::regex_search(line, found, kDescriptor)) paths.push_back(found[2]);
    return paths;
  }
  std::string rest = line;
  while (std::regex_search(rest, found, kText)) {
    const std::string name = found[2];
    paths.push_back(name[0] == '/' ? name
                                   : absl::StrCat(found[1].str(), "/", name));
    rest = found.suffix();
  }
  if (std::regex_search(line, found, kFirst)) paths.push_back(found[1]);
  return paths;
}

bool MakesFiles(const std::string& line) {
  return line.find("O_CREAT") != std::string::npos ||
         line.find("O_TRUNC") != std::string::npos;
}

// The largest number that a file of the database bears.
int LastNumber(const std::string& folder) {
  int last = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    int number = 0;
    if (std::sscanf(name.c_str(), "%d", &number) == 1 ||
        std::sscanf(name.c_str(), "MANIFEST-%d", &number) == 1 ||
        std::sscanf(name.c_str(), "OPTIONS-%d", &number) == 1) {
      last = std::max(last, number);
    }
  }
  return last;
}

std::vector<std::string> PathsOf(const Site& site, const Folders& folders) {
  if (site.kind == Kind::kFolder) {
    return {folders.database, folders.published};
  }
  if (site.kind == Kind::kPublished) {
    std::vector<std::string> paths = {folders.published + "/published.new",
                                      folders.published + "/published"};
    if (site.call == Call::kOpen || site.call == Call::kRename) {
      paths.push_back(folders.published);  // by its descriptor
    }
    return paths;
  }
  std::vector<std::string> paths = {folders.database + "/LOG",
                                    folders.database + "/LOCK"};
  const int last = LastNumber(folders.database);
  for (int number = 0; number <= last + kNumbersAhead; ++number) {
    char name[64];
    for (const char* form :
         {"%06d.log", "%06d.sst", "%06d.dbtmp", "MANIFEST-%06d", "OPTIONS-%06d",
          "OPTIONS-%06d.dbtmp"}) {
      std::snprintf(name, sizeof(name), form, number);
      if (shim::KindOf(name, false) == site.kind) {
        paths.push_back(absl::StrCat(folders.database, "/", name));
      }
    }
  }
  std::erase_if(paths, [&](const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    return shim::KindOf(name, false) != site.kind;
  });
  return paths;
}

}  // namespace

const char* NameOf(Call call) {
  constexpr const char* kNames[] = {
      "none",   "open",   "write", "fsync", "fdatasync", "sync_file_range",
      "rename", "unlink", "link",  "mkdir", "ftruncate", "fallocate"};
  static_assert(std::size(kNames) == shim::kCalls);
  return kNames[static_cast<size_t>(call)];
}

const char* NameOf(Kind kind) {
  constexpr const char* kNames[] = {
      "none",  "folder",  "write-ahead log", "table",    "manifest",
      "dbtmp", "options", "published",       "info log", "other"};
  static_assert(std::size(kNames) == shim::kKinds);
  return kNames[static_cast<size_t>(kind)];
}

std::string TracedCalls() {
  std::string names;
  for (const SystemCall& each : kSystemCalls) {
    absl::StrAppend(&names, names.empty() ? "" : ",", each.name);
  }
  return names;
}

std::vector<Site> SitesIn(const std::string& trace, const std::string& root) {
  std::set<Site> sites;
  std::istringstream lines(trace);
  static const std::regex kLine(R"(^\d+ +([a-z0-9_]+)\((.*)$)");
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (!std::regex_search(line, found, kLine)) continue;
    const std::string name = found[1];
    const auto* const known =
        std::find_if(std::begin(kSystemCalls), std::end(kSystemCalls),
                     [&](const SystemCall& each) { return name == each.name; });
    if (known == std::end(kSystemCalls)) continue;
    if (known->call == Call::kOpen && !MakesFiles(line)) continue;
    const auto paths =
        PathsIn(absl::StrCat(name, "(", found[2].str()), known->call);
    // What the shim does for its record has a path outside of the root.
    const bool ours =
        !paths.empty() &&
        std::all_of(paths.begin(), paths.end(), [&](const std::string& path) {
          return path.rfind(root + "/", 0) == 0;
        });
    if (!ours) continue;
    const std::string& path = paths.front();
    sites.insert(
        {known->call, shim::KindOf(path.substr(path.rfind('/') + 1),
                                   std::filesystem::is_directory(path))});
  }
  return {sites.begin(), sites.end()};
}

std::vector<std::string> InjectOptions(const Site& site,
                                       const std::string& error,
                                       const Folders& folders) {
  std::string calls;
  for (const SystemCall& each : kSystemCalls) {
    if (each.call != site.call) continue;
    absl::StrAppend(&calls, calls.empty() ? "" : ",", each.name);
  }
  std::vector<std::string> options = {
      "-e", "trace=" + calls, "-e",
      absl::StrCat("inject=", calls, ":",
                   error == "KILL" ? "signal=KILL" : "error=" + error,
                   ":when=1")};
  for (const std::string& path : PathsOf(site, folders)) {
    options.insert(options.end(), {"-P", path});
  }
  return options;
}

}  // namespace dataip::test
