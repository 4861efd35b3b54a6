// dataip-tamper: edits a ledger's database through RocksDB, so that RocksDB
// itself finds nothing wrong, and reads a running ledger with every proof.
//
//   dataip-tamper show DB                        families and records
//   dataip-tamper flip DB FAMILY RECORD OFFSET   RECORD: a number from 0 in
//       key order, negative from the end; OFFSET from the end when negative
//   dataip-tamper write ADDRESS COUNT
//   dataip-tamper erase ADDRESS INDEX
//   dataip-tamper read ADDRESS TRUST [SIZE]      SIZE: an older checkpoint too
//   dataip-tamper leaves ADDRESS TRUST FILE      writes their hashes
//   dataip-tamper root ADDRESS TRUST FILE        3: what is signed is not the
//       root over those and what came later; 1: that cannot be said
#include <rocksdb/db.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/channel.h"
#include "core/base/status_macros.h"
#include "tests/tamper/whole_reader.h"

namespace dataip::test {
namespace {

constexpr int kExitWrong = 1;
constexpr int kExitUsage = 2;
constexpr int kExitSignedWrong = 3;

absl::Status FromDatabase(const rocksdb::Status& status) {
  return status.ok() ? absl::OkStatus()
                     : absl::InternalError(status.ToString());
}

// Every family, as it is.
class Database {
 public:
  ~Database() {
    for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
    if (db_ != nullptr) db_->Close().PermitUncheckedError();
  }

  absl::Status Open(const std::string& path) {
    rocksdb::DBOptions options;
    RETURN_IF_ERROR(
        FromDatabase(rocksdb::DB::ListColumnFamilies(options, path, &names_)));
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names_) {
      families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    }
    rocksdb::DB* db = nullptr;
    const auto status =
        rocksdb::DB::Open(options, path, families, &handles_, &db);
    db_.reset(db);
    return FromDatabase(status);
  }

  void Show() {
    for (size_t i = 0; i < names_.size(); ++i) {
      size_t records = 0;
      const auto all = Iterate(i);
      for (all->SeekToFirst(); all->Valid(); all->Next()) ++records;
      std::printf("%s %zu\n", names_[i].c_str(), records);
    }
  }

  absl::Status Flip(const std::string& family, long record, long offset) {
    for (size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] != family) continue;
      const auto all = Iterate(i);
      if (record < 0) {
        all->SeekToLast();
        while (all->Valid() && ++record < 0) all->Prev();
      } else {
        all->SeekToFirst();
        while (all->Valid() && record-- > 0) all->Next();
      }
      if (!all->Valid()) return absl::NotFoundError("no such record");
      const std::string key = all->key().ToString();
      std::string value = all->value().ToString();
      const long at =
          offset < 0 ? static_cast<long>(value.size()) + offset : offset;
      if (at < 0 || at >= static_cast<long>(value.size())) {
        return absl::OutOfRangeError("no such byte");
      }
      value[static_cast<size_t>(at)] ^= 1;
      std::printf("%s\n", all->key().ToString(true).c_str());
      rocksdb::WriteOptions synced;
      synced.sync = true;
      RETURN_IF_ERROR(FromDatabase(db_->Put(synced, handles_[i], key, value)));
      return FromDatabase(db_->Flush(rocksdb::FlushOptions(), handles_[i]));
    }
    return absl::NotFoundError("no such family");
  }

 private:
  std::unique_ptr<rocksdb::Iterator> Iterate(size_t family) {
    return std::unique_ptr<rocksdb::Iterator>(
        db_->NewIterator(rocksdb::ReadOptions(), handles_[family]));
  }

  std::vector<std::string> names_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::unique_ptr<rocksdb::DB> db_;
};

absl::Status Edit(const std::vector<std::string>& words) {
  Database database;
  RETURN_IF_ERROR(database.Open(words[1]));
  if (words[0] == "show") {
    database.Show();
    return absl::OkStatus();
  }
  return database.Flip(words[2], std::atol(words[3].c_str()),
                       std::atol(words[4].c_str()));
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

absl::Status Ask(const std::vector<std::string>& words) {
  ASSIGN_OR_RETURN(auto channel, client::MakeChannel(words[1], std::nullopt));
  client::LedgerClient ledger(std::move(channel));
  if (words[0] == "write") {
    return WriteMore(ledger, std::strtoull(words[2].c_str(), nullptr, 10));
  }
  if (words[0] == "erase") {
    return EraseOne(ledger, std::strtoull(words[2].c_str(), nullptr, 10));
  }
  ASSIGN_OR_RETURN(const verify::Trust trust,
                   verify::ParseTrust(ReadFile(words[2])));
  if (words[0] == "leaves") {
    ASSIGN_OR_RETURN(const std::string leaves, ReadLeaves(ledger, trust));
    std::ofstream(words[3], std::ios::binary) << leaves;
    return absl::OkStatus();
  }
  if (words[0] == "root") {
    return CheckSignedRoot(ledger, trust, ReadFile(words[3]));
  }
  if (words.size() > 3) {
    RETURN_IF_ERROR(
        ReadOlder(ledger, trust, std::strtoull(words[3].c_str(), nullptr, 10)));
  }
  return ReadWhole(ledger, trust);
}

int Main(const std::vector<std::string>& words) {
  const std::string verb = words.empty() ? "" : words[0];
  absl::Status status;
  if ((verb == "show" && words.size() == 2) ||
      (verb == "flip" && words.size() == 5)) {
    status = Edit(words);
  } else if (((verb == "write" || verb == "erase") && words.size() == 3) ||
             ((verb == "leaves" || verb == "root") && words.size() == 4) ||
             (verb == "read" && (words.size() == 3 || words.size() == 4))) {
    status = Ask(words);
  } else {
    return kExitUsage;
  }
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return verb == "root" && absl::IsDataLoss(status) ? kExitSignedWrong
                                                    : kExitWrong;
}

}  // namespace
}  // namespace dataip::test

int main(int argc, char** argv) {
  return dataip::test::Main({argv + 1, argv + argc});
}
