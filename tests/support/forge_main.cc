// dataip-forge: makes one named edit of an exported ledger with all its keys
// and writes the forged export, or writes a ledger of the whole lifecycle to
// forge. Never installed.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/audit/export_files.h"
#include "client/export/regular_file.h"
#include "core/base/status_macros.h"
#include "core/verify/json.h"
#include "core/verify/trust.h"
#include "tests/support/forge.h"
#include "tests/support/life_ledger.h"

namespace dataip::test {
namespace {

constexpr char kUsage[] =
    "usage: dataip-forge --list\n"
    "       dataip-forge --ledger DIR --keys DIR --trust FILE --edit NAME\n"
    "                    --out DIR [--at INDEX]\n"
    "       dataip-forge --life DIR\n"
    "ends with 3 when the edit fits nowhere in the ledger\n";

using Flags = std::map<std::string, std::string>;

std::vector<NamedEdit> AllEdits() {
  std::vector<NamedEdit> all = NamedEdits();
  all.insert(all.end(), LifeEdits().begin(), LifeEdits().end());
  return all;
}

absl::StatusOr<Forger> OpenForger(const Flags& flags) {
  ASSIGN_OR_RETURN(
      const std::string text,
      client::ReadNamedFile(flags.at("--trust"), client::kSmallFileBytes));
  ASSIGN_OR_RETURN(const auto trust, verify::ParseTrust(text));
  std::vector<std::string> vkeys;
  for (const auto& key : trust.ledger_keys) {
    vkeys.push_back(proof::FormatVkey(key.note_key()));
  }
  ASSIGN_OR_RETURN(const KeyRing keys, ReadKeyRing(flags.at("--keys")));
  ASSIGN_OR_RETURN(const auto signers, NoteSigners(trust.origin, vkeys, keys));
  ASSIGN_OR_RETURN(LoadedBook book, LoadDrafts(flags.at("--ledger")));
  return Forger(std::move(book), keys, signers);
}

absl::StatusOr<uint64_t> IndexFor(const Flags& flags, const NamedEdit& edit,
                                  const Forger& forger) {
  const auto wanted = flags.find("--at");
  if (wanted == flags.end()) {
    const auto first = FirstFit(edit, forger);
    if (!first.has_value()) {
      return absl::NotFoundError("this edit fits nowhere in the ledger");
    }
    return *first;
  }
  uint64_t index = 0;
  if (!absl::SimpleAtoi(wanted->second, &index) || !edit.fits(forger, index)) {
    return absl::NotFoundError(
        absl::StrCat(edit.name, " does not fit at ", wanted->second));
  }
  return index;
}

absl::Status Run(const Flags& flags) {
  for (const NamedEdit& edit : AllEdits()) {
    if (edit.name != flags.at("--edit")) continue;
    ASSIGN_OR_RETURN(const Forger forger, OpenForger(flags));
    ASSIGN_OR_RETURN(const uint64_t index, IndexFor(flags, edit, forger));
    ASSIGN_OR_RETURN(const Book book, ForgeBook(forger, edit, index));
    RETURN_IF_ERROR(WriteExport(book, flags.at("--out")));
    std::printf(
        "{\"edit\":\"%s\",\"index\":%llu,\"rule\":\"%s\",\"hashes\":%d}\n",
        edit.name.c_str(), static_cast<unsigned long long>(index),
        edit.rule.c_str(), edit.hashes_see ? 20 : 0);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("no such edit: see dataip-forge --list");
}

absl::Status MakeLife(const std::string& dir) {
  ASSIGN_OR_RETURN(const LifeLedger ledger, MakeLifeLedger());
  return WriteLifeLedger(ledger, dir);
}

void List() {
  for (const NamedEdit& edit : AllEdits()) {
    std::printf("%s\t%s\t%s\t%s\n", edit.name.c_str(), edit.rule.c_str(),
                edit.what_zh.c_str(), edit.what_en.c_str());
  }
}

int Tell(const absl::Status& status) {
  if (status.ok()) return 0;
  std::fprintf(stderr, "dataip-forge: %s\n", status.ToString().c_str());
  return absl::IsNotFound(status) ? 3 : 1;
}

int Main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--list") {
    List();
    return 0;
  }
  if (argc == 3 && std::string(argv[1]) == "--life") {
    return Tell(MakeLife(argv[2]));
  }
  Flags flags;
  for (int i = 1; i + 1 < argc; i += 2) flags[argv[i]] = argv[i + 1];
  for (const char* needed :
       {"--ledger", "--keys", "--trust", "--edit", "--out"}) {
    if (flags.count(needed) == 0) {
      std::fputs(kUsage, stderr);
      return 2;
    }
  }
  return Tell(Run(flags));
}

}  // namespace
}  // namespace dataip::test

int main(int argc, char** argv) { return dataip::test::Main(argc, argv); }
