// A closed ledger's database, opened without its code: for what Store never
// writes.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <vector>

namespace dataip::ledger {

class RawDatabase {
 public:
  explicit RawDatabase(const std::string& path);
  ~RawDatabase();

  // One bit in the middle of the family's first value.
  void FlipInFirst(const std::string& family);
  void Remove(const std::string& family, const std::string& key);
  // Paths of the table files that hold the family's records; opening has
  // written all of them out.
  std::vector<std::string> Tables(const std::string& family);

 private:
  rocksdb::ColumnFamilyHandle* Handle(const std::string& family) const;

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace dataip::ledger
