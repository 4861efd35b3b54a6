// The fault table: {EIO, ENOSPC, KILL} at every distinct call of one append.
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/faults/rows.h"
#include "tests/support/process.h"

namespace dataip::test {
namespace {

constexpr char kUsage[] =
    "usage: fault_table [--quick] [--json FILE]\n"
    "\n"
    "Lets every distinct write, sync, rename, open... of one append fail, not\n"
    "made (strace) and made but reported as failed (a preloaded library), "
    "with\n"
    "EIO, ENOSPC and KILL; then takes the power away, and starts and checks\n"
    "the ledger.\n"
    "  --quick      few calls only: EIO not made, KILL made\n"
    "  --json FILE  the table as JSON too\n"
    "\n"
    "Exit code: 0 every row fired and ended well, 1 otherwise, 2 usage.\n";

struct Options {
  bool quick = false;
  std::string json_path;
};

void PrintHead(size_t all, size_t taken) {
  std::printf(
      "%zu sites (a call on a kind of file); all calls seen by strace passed "
      "the shim\n",
      all);
  if (taken < all) {
    std::printf(
        "--quick: %zu of them, each with EIO not made and with KILL made\n",
        taken);
  }
  std::printf("%-16s %-16s %-6s %-12s %-8s %-14s %s\n", "call", "of", "error",
              "call is", "process", "next start", "");
}

void Print(const Row& row) {
  std::printf("%-16s %-16s %-6s %-12s %-8s %-14s %s\n", NameOf(row.site.call),
              NameOf(row.site.kind), row.error.c_str(),
              row.executed ? "made" : "not made",
              row.fired ? row.outcome.c_str() : "NOT FIRED", row.after.c_str(),
              row.good ? "" : ("BAD: " + row.words).c_str());
  std::fflush(stdout);
}

void WriteJson(const std::vector<Row>& rows, const std::string& path) {
  nlohmann::ordered_json table = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    table.push_back({{"call", NameOf(row.site.call)},
                     {"of", NameOf(row.site.kind)},
                     {"error", row.error},
                     {"executed", row.executed},
                     {"by", row.executed ? "shim" : "strace"},
                     {"fired", row.fired},
                     {"process", row.outcome},
                     {"next_start", row.after},
                     {"good", row.good},
                     {"words", row.words}});
  }
  const std::string folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder);
  WriteFile(path, table.dump(1, ' ', false,
                             nlohmann::json::error_handler_t::replace) +
                      "\n");
}

// A small append's, and a sync that RocksDB makes in a thread of its own.
bool IsQuickSite(const Site& site) {
  return IsOfSmallAppend(site) ||
         site == Site{shim::Call::kFdatasync, shim::Kind::kTable};
}

// An error of a call that was not made, a death after one that was.
bool IsQuick(const std::string& error, bool executed) {
  return error == (executed ? "KILL" : "EIO");
}

int RunTable(const Options& options) {
  const auto sites = RecordSites();
  if (!sites.ok()) {
    std::printf("%s\n", sites.status().ToString().c_str());
    return 1;
  }
  std::vector<Site> taken = *sites;
  if (options.quick) {
    std::erase_if(taken, [](const Site& site) { return !IsQuickSite(site); });
  }
  PrintHead(sites->size(), taken.size());
  std::vector<Row> rows;
  size_t bad = 0;
  for (const Site& site : taken) {
    for (const char* error : {"EIO", "ENOSPC", "KILL"}) {
      for (const bool executed : {false, true}) {
        if (options.quick && !IsQuick(error, executed)) continue;
        Row row{site, error, executed};
        RunRow(row);
        Print(row);
        if (!row.good) ++bad;
        rows.push_back(std::move(row));
      }
    }
  }
  if (!options.json_path.empty()) WriteJson(rows, options.json_path);
  std::printf("%zu rows of %zu sites, %zu bad\n", rows.size(), taken.size(),
              bad);
  return bad == 0 && !rows.empty() ? 0 : 1;
}

}  // namespace
}  // namespace dataip::test

int main(int argc, char** argv) {
  dataip::test::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--quick") {
      options.quick = true;
    } else if (name == "--json" && i + 1 < argc) {
      options.json_path = argv[++i];
    } else {
      std::fprintf(stderr, "faults: %s%s\n\n%s", name.c_str(),
                   name == "--json" ? " needs a file" : ": unknown",
                   dataip::test::kUsage);
      return 2;
    }
  }
  return dataip::test::RunTable(options);
}
