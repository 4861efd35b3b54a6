#include "services/ledger/map_rebuild.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/ledger/map_tree.h"
#include "services/ledger/mapper.h"

namespace dataip::ledger {
namespace {

// What is left behind for want of rights is removed at the next start.
void Remove(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

// A database that goes when it is no longer used.
struct Scratch {
  explicit Scratch(std::string name) : folder(std::move(name)) {}
  ~Scratch() {
    tree.reset();
    store.reset();
    Remove(folder);
  }

  const std::string folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<MapTree> tree;
};

absl::Status Stopped() {
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {"the ledger is stopping; ask again when it runs again",
       "账本正在停止，请待其重新运行后再查询"});
}

absl::Status Keep(uint64_t size, std::vector<MapChange>& changes,
                  MapTree& tree) {
  RETURN_IF_ERROR(tree.Apply(std::exchange(changes, {})));
  tree.Cut(size);
  return tree.Keep(size).status();
}

}  // namespace

MapRebuilds::MapRebuilds(std::string folder) : folder_(std::move(folder)) {
  Remove(folder_);
}

absl::StatusOr<std::shared_ptr<const MapVersion>> MapRebuilds::Rebuild(
    const Store& store, uint64_t size) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) {
    return services::MakeStatus(
        rpc::v1::INTERNAL,
        {absl::StrCat("cannot create ", folder_, ": ", error.message()),
         absl::StrCat("无法创建 ", folder_, "：", error.message())});
  }
  const auto scratch =
      std::make_shared<Scratch>(absl::StrCat(folder_, "/", made_++));
  ASSIGN_OR_RETURN(
      scratch->store,
      Store::Open(scratch->folder, limits::kRebuildDatabaseCacheBytes));
  ASSIGN_OR_RETURN(scratch->tree, MapTree::Open(*scratch->store, Hash(),
                                                limits::kRebuildMapCacheBytes));
  std::vector<MapChange> changes;
  absl::Status status;
  RETURN_IF_ERROR(store.ForEachHeader(
      {0, size}, [&](uint64_t index, std::string_view bytes) {
        if (stopping_) return false;
        const auto header = proof::DecodeHeader(hash::AsBytes(bytes));
        if (!header.ok()) {
          status = services::MakeStatus(
              rpc::v1::DATA_LOSS,
              {absl::StrCat("header ", index,
                            " is broken; tell the ledger's operator"),
               absl::StrCat("条目头 ", index, " 已损坏；请通知账本运维方")});
          return false;
        }
        AddMapChanges(header->updates, changes);
        if (changes.size() >= limits::kMapChangesPerSeal) {
          status = Keep(index + 1, changes, *scratch->tree);
        }
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  if (stopping_) return Stopped();
  RETURN_IF_ERROR(Keep(size, changes, *scratch->tree));
  return std::shared_ptr<const MapVersion>(scratch,
                                           scratch->tree->kept().get());
}

}  // namespace dataip::ledger
