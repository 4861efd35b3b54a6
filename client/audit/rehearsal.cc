// What a rehearsal of an order to erase must have exercised.
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "client/audit/audit.h"

namespace dataip::client {
namespace {

absl::Status NotRehearsed(uint64_t index, const std::string& zh,
                          const std::string& en) {
  return absl::FailedPreconditionError(
      absl::StrCat("演练未触及第 ", index, " 条：", zh, " (entry ", index,
                   " was not rehearsed: ", en, ")"));
}

}  // namespace

absl::Status CheckOrder(const registry::v1::ErasePayload& order) {
  std::set<uint64_t> named;
  for (const registry::v1::ErasedEntry& entry : order.entries()) {
    if (named.insert(entry.index()).second) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "第 ", entry.index(), " 条列了两次，每条只给一个文件 (entry ",
        entry.index(), " is named twice: give one file for each)"));
  }
  return absl::OkStatus();
}

absl::Status CheckRehearsed(const registry::v1::ErasePayload& order,
                            const verify::ReplayReport& report) {
  std::map<uint64_t, const verify::ErasedByOrder*> erased;
  for (const verify::ErasedByOrder& one : report.erased) {
    erased.emplace(one.index, &one);
  }
  for (const registry::v1::ErasedEntry& entry : order.entries()) {
    const uint64_t index = entry.index();
    if (index >= report.size) {
      return NotRehearsed(
          index, absl::StrCat("导出只有 ", report.size, " 条，请重新导出账本"),
          absl::StrCat("the export has ", report.size,
                       " entries only, export the ledger again"));
    }
    const auto found = erased.find(index);
    if (found == erased.end()) {
      return NotRehearsed(index, "它不是可以删除的登记事项",
                          "it is no transition that can be erased");
    }
    const verify::ErasedByOrder& one = *found->second;
    if (one.order_index != kRehearsedOrder) {
      return NotRehearsed(
          index,
          absl::StrCat("第 ", one.order_index, " 条已令删除，请从本令中去掉"),
          absl::StrCat("entry ", one.order_index,
                       " ordered it erased before, leave it out"));
    }
    if (!one.standing) {
      return NotRehearsed(
          index, "导出中没有它的内容，请以账本的内容读者身份重新导出",
          "its payload is not in the export, export again as a payload "
          "reader of the ledger");
    }
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
