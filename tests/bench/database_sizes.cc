// database_sizes DIR: compacts the database of a stopped ledger and adds up
// what is in it, by RocksDB alone. Prints one line of JSON.
#include <rocksdb/db.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

void Require(const rocksdb::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "database_sizes: %s\n", status.ToString().c_str());
  std::_Exit(1);
}

struct Sizes {
  uint64_t rows = 0;
  uint64_t bytes = 0;  // of the values
};

Sizes SizesOf(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
  Sizes sizes;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 4 << 20;
  const std::unique_ptr<rocksdb::Iterator> row(db.NewIterator(options, family));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    ++sizes.rows;
    sizes.bytes += row->value().size();
  }
  Require(row->status());
  return sizes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string dir = argv[1];
  std::vector<std::string> names;
  Require(rocksdb::DB::ListColumnFamilies({}, dir, &names));
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  rocksdb::ColumnFamilyOptions plain;
  plain.compression = rocksdb::kNoCompression;
  for (const std::string& name : names) families.emplace_back(name, plain);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  Require(rocksdb::DB::Open({}, dir, families, &handles, &db));
  Sizes headers, payloads, map;
  uint64_t map_bytes = 0;
  for (rocksdb::ColumnFamilyHandle* family : handles) {
    Require(db->Flush({}, family));
    Require(db->CompactRange({}, family, nullptr, nullptr));
    const std::string& name = family->GetName();
    if (name == "headers") headers = SizesOf(*db, family);
    if (name == "payloads") payloads = SizesOf(*db, family);
    if (name == "map") map = SizesOf(*db, family);
    uint64_t live = 0;
    db->GetIntProperty(family, "rocksdb.live-sst-files-size", &live);
    if (name == "map" || name == "pages") map_bytes += live;
  }
  std::printf(
      "{\"entries\": %llu, \"header_bytes\": %llu, \"payload_bytes\": %llu, "
      "\"map_bytes\": %llu, \"map_rows\": %llu}\n",
      static_cast<unsigned long long>(headers.rows),
      static_cast<unsigned long long>(headers.bytes),
      static_cast<unsigned long long>(payloads.bytes),
      static_cast<unsigned long long>(map_bytes),
      static_cast<unsigned long long>(map.rows));
  for (rocksdb::ColumnFamilyHandle* family : handles) {
    db->DestroyColumnFamilyHandle(family);
  }
  delete db;
}
