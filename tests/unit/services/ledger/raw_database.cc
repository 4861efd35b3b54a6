#include "tests/unit/services/ledger/raw_database.h"

#include "core/base/status_macros.h"

namespace dataip::ledger {

RawDatabase::RawDatabase(const std::string& path) {
  const rocksdb::DBOptions opening;
  std::vector<std::string> names;
  DATAIP_ASSERT(rocksdb::DB::ListColumnFamilies(opening, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.push_back({name, {}});
  rocksdb::DB* opened = nullptr;
  DATAIP_ASSERT(
      rocksdb::DB::Open(opening, path, families, &handles_, &opened).ok());
  db_.reset(opened);
}

RawDatabase::~RawDatabase() {
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    db_->DestroyColumnFamilyHandle(handle);
  }
}

rocksdb::ColumnFamilyHandle* RawDatabase::Handle(
    const std::string& family) const {
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    if (handle->GetName() == family) return handle;
  }
  DATAIP_ASSERT(false);
  return nullptr;
}

void RawDatabase::FlipInFirst(const std::string& family) {
  const std::unique_ptr<rocksdb::Iterator> records(
      db_->NewIterator(rocksdb::ReadOptions(), Handle(family)));
  records->SeekToFirst();
  DATAIP_ASSERT(records->Valid());
  std::string value = records->value().ToString();
  value[value.size() / 2] ^= 1;
  DATAIP_ASSERT(
      db_->Put(rocksdb::WriteOptions(), Handle(family), records->key(), value)
          .ok());
}

void RawDatabase::Remove(const std::string& family, const std::string& key) {
  DATAIP_ASSERT(db_->Delete(rocksdb::WriteOptions(), Handle(family), key).ok());
}

std::vector<std::string> RawDatabase::Tables(const std::string& family) {
  std::vector<rocksdb::LiveFileMetaData> files;
  db_->GetLiveFilesMetaData(&files);
  std::vector<std::string> tables;
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.column_family_name == family) {
      tables.push_back(file.db_path + file.name);
    }
  }
  return tables;
}

}  // namespace dataip::ledger
