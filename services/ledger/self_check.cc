#include "services/ledger/self_check.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/proof/chain.h"
#include "core/proof/seal.h"
#include "services/common/error.h"
#include "services/ledger/mapper.h"
#include "services/ledger/stored_entry.h"

namespace dataip::ledger {
namespace {

constexpr char kSchemaLine[] = "schema 2\n";

// Refuses to start, and says what an operator can do about it.
absl::Status Refuse(const std::string& found_en, const std::string& found_zh) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("refusing to start: ", found_en,
                    ". Bring back the newest database, or restore the newest "
                    "backup, and leave the published file where it is: an "
                    "older one would make two histories. If acknowledged "
                    "entries are lost, this ledger is over and a successor "
                    "needs a new origin and keys"),
       absl::StrCat("拒绝启动：", found_zh,
                    "。请找回最新的数据库，或恢复最新的备份；published 文件须"
                    "留在原处，换上较旧的会造成两部历史。若已确认的条目丢失，"
                    "本账本即告终止，须以新的来源名和密钥另立账本")});
}

// The file itself is at fault, the database may be whole.
absl::Status RefusePublished(const std::string& found_en,
                             const std::string& found_zh) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("refusing to start: ", found_en,
                    ". Put the newest checkpoint there that the witnesses, "
                    "the mirrors and the registry have, when the database is "
                    "as large; never an older one, and keep what is there. Of "
                    "a larger one entries are lost: restore the newest backup"),
       absl::StrCat("拒绝启动：", found_zh,
                    "。请向见证人、镜像与登记服务索取其持有的最新检查点，在数据"
                    "库不小于它时写入该文件；切勿写入较旧的，并保留现有文件。若"
                    "数据库小于它，即有条目丢失，请恢复最新的备份")});
}

absl::Status WrongLedger(const std::string& en, const std::string& zh) {
  return services::MakeStatus(rpc::v1::WRONG_LEDGER,
                              {absl::StrCat("refusing to start: ", en),
                               absl::StrCat("拒绝启动：", zh)});
}

absl::StatusOr<std::optional<PublishedCheckpoint>> ReadPublished(
    const PublishedFile& file, const Signing& signing) {
  auto published = file.Read(signing.origin, signing.verifiers);
  if (!absl::IsDataLoss(published.status())) return published;
  const auto detail = client::ErrorDetailOf(published.status());
  return RefusePublished(
      std::string(published.status().message()),
      detail.has_value() ? detail->message_zh() : file.path() + " 已损坏");
}

absl::Status CheckIdentity(Store& store, PublishedFile& file,
                           const Signing& signing) {
  ASSIGN_OR_RETURN(const auto stored, store.ReadIdentity());
  const std::string ours = IdentityOf(signing);
  if (stored.has_value()) {
    if (*stored == ours) return absl::OkStatus();
    if (stored->rfind(kSchemaLine, 0) != 0) {
      return WrongLedger(
          "the data directory has another schema version; use "
          "the program that wrote it",
          "数据目录的格式版本不同，请使用写入它的程序版本");
    }
    return services::InvalidField(
        "data_dir, origin, ed25519_key, sm2_key",
        {absl::StrCat("refusing to start: the data directory belongs to "
                      "another ledger or other keys. It says:\n",
                      *stored, "the configuration says:\n", ours,
                      "Set data_dir, origin and keys that belong together"),
         absl::StrCat("拒绝启动：数据目录属于另一账本或另一组密钥。目录记载："
                      "\n",
                      *stored, "配置为：\n", ours,
                      "请使 data_dir、origin 与密钥相互对应")});
  }
  ASSIGN_OR_RETURN(const uint64_t headers, store.CountHeaders());
  if (headers != 0) {
    return Refuse("the database has entries but no identity",
                  "数据库有条目却没有身份记录");
  }
  ASSIGN_OR_RETURN(const auto published, ReadPublished(file, signing));
  if (published.has_value() && published->size != 0) {
    return Refuse(
        absl::StrCat(file.path(), " says that ", published->size,
                     " entries were published, but the database is empty"),
        absl::StrCat(file.path(), " 记载已公布 ", published->size,
                     " 个条目，但数据库是空的"));
  }
  RETURN_IF_ERROR(file.WriteNothingYet(signing.origin));
  return store.WriteIdentity(ours);
}

// Headers of the last bundle: they decode, are numbered and linked.
absl::Status CheckLastBundle(const Store& store, const Head& head,
                             const Signing& signing) {
  ASSIGN_OR_RETURN(const uint64_t headers, store.CountHeaders());
  if (headers != head.size) {
    return Refuse(absl::StrCat("the head says ", head.size,
                               " entries, the database has ", headers),
                  absl::StrCat("头记录为 ", head.size, " 个条目，数据库有 ",
                               headers, " 个"));
  }
  const auto bad = [](uint64_t index) {
    return Refuse(absl::StrCat("entry ", index,
                               " is broken or does not continue the chain"),
                  absl::StrCat("条目 ", index, " 已损坏或未接续链"));
  };
  const uint64_t begin =
      head.size == 0 ? 0 : (head.size - 1) / kTileHashes * kTileHashes;
  Hash prev = proof::ChainStart(signing.origin);
  if (begin > 0) {
    ASSIGN_OR_RETURN(const std::string before, store.ReadHeader(begin - 1));
    prev = proof::NextPrev(hash::AsBytes(before));
  }
  std::string leaves;
  absl::Status status;
  RETURN_IF_ERROR(
      store.ForEachEntry({begin, head.size}, [&](const EntryView& entry) {
        const auto header = ReadLinked(entry, prev);
        if (!header.has_value() || !PayloadStands(*header, entry, head.size)) {
          status = bad(entry.index);
          return false;
        }
        const Bytes bytes = hash::AsBytes(entry.header);
        prev = proof::NextPrev(bytes);
        leaves += hash::LeafHash(bytes).text();
        return true;
      }));
  RETURN_IF_ERROR(status);
  if (prev != head.chain_head) {
    return head.size == 0 ? Refuse("the head of the empty ledger is wrong",
                                   "空账本的头记录有误")
                          : bad(head.size - 1);
  }
  if (leaves.size() != kTileBytes) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string tile,
                   store.ReadTile({0, begin / kTileHashes}));
  return tile == leaves ? absl::OkStatus() : bad(begin);
}

// The stored leaves lead to this signed note.
absl::Status CheckNote(const Store& store, const Tree& tree,
                       const PublishedCheckpoint& checkpoint,
                       const std::string& name) {
  const auto root = proof::RootAt(checkpoint.size, tree.Reader());
  ASSIGN_OR_RETURN(const std::string last,
                   store.ReadHeader(checkpoint.size - 1));
  if (root == checkpoint.root &&
      proof::NextPrev(hash::AsBytes(last)) == checkpoint.chain_head) {
    return absl::OkStatus();
  }
  return Refuse(absl::StrCat("the stored entries do not lead to the root of ",
                             name, " at size ", checkpoint.size),
                absl::StrCat("存储的条目与 ", name, " 在规模 ", checkpoint.size,
                             " 处的根不符"));
}

absl::StatusOr<PublishedCheckpoint> CheckPublished(Store& store,
                                                   PublishedFile& file,
                                                   const Signing& signing,
                                                   CheckedLedger& ledger) {
  ASSIGN_OR_RETURN(auto published, ReadPublished(file, signing));
  const uint64_t size = ledger.head.size;
  if (!published.has_value()) {
    if (size == 0) {
      RETURN_IF_ERROR(file.WriteNothingYet(signing.origin));
      return PublishedCheckpoint();
    }
    return RefusePublished(
        absl::StrCat(file.path(), " is missing, but the ledger has ", size,
                     " entries"),
        absl::StrCat("账本有 ", size, " 个条目，但缺少 ", file.path()));
  }
  if (published->size > size) {
    return Refuse(
        absl::StrCat(file.path(), " says that ", published->size,
                     " entries were published, the database has only ", size,
                     ": it was rolled back"),
        absl::StrCat(file.path(), " 记载已公布 ", published->size,
                     " 个条目，数据库只有 ", size, " 个：数据库被回退"));
  }
  ASSIGN_OR_RETURN(const auto last, store.LastCheckpoint());
  if (last.size > published->size) {
    return RefusePublished(
        absl::StrCat(file.path(), " says size ", published->size,
                     ", but the database has a checkpoint of size ", last.size,
                     ": the file was rolled back"),
        absl::StrCat(file.path(), " 的规模为 ", published->size,
                     "，但数据库已有规模 ", last.size,
                     " 的检查点：该文件被回退"));
  }
  if (published->size == 0) return *std::move(published);
  RETURN_IF_ERROR(CheckNote(store, *ledger.tree, *published, file.path()));
  if (last.size > 0) {
    ASSIGN_OR_RETURN(const auto stored,
                     ReadNote(last.note, signing.origin, signing.verifiers));
    RETURN_IF_ERROR(
        CheckNote(store, *ledger.tree, stored, "the last checkpoint"));
  }
  ledger.served = last;
  return *std::move(published);
}

absl::Status WrongMap(uint64_t size) {
  return Refuse(absl::StrCat("the stored map of size ", size,
                             " does not have the root of its seal"),
                absl::StrCat("规模 ", size, " 处存储的映射与其封印的根不符"));
}

// Applies what the entries from `mapped` on have changed, and keeps the map of
// each seal that is met.
absl::Status RollForward(const Store& store, uint64_t mapped,
                         CheckedLedger& ledger) {
  std::vector<MapChange> changes;
  const auto keep = [&](uint64_t seal_index) -> absl::Status {
    RETURN_IF_ERROR(ledger.map->Apply(std::exchange(changes, {})));
    ASSIGN_OR_RETURN(const Hash root, ReadSealedMapRoot(store, seal_index));
    if (root != ledger.map->root()) return WrongMap(seal_index);
    ledger.map->Cut(seal_index);
    return ledger.map->Keep(seal_index).status();
  };
  absl::Status status;
  RETURN_IF_ERROR(store.ForEachHeader(
      {mapped, ledger.head.size}, [&](uint64_t index, std::string_view bytes) {
        const auto header = proof::DecodeHeader(hash::AsBytes(bytes));
        if (!header.ok()) {
          status = Refuse(absl::StrCat("header ", index, " is broken"),
                          absl::StrCat("条目头 ", index, " 已损坏"));
          return false;
        }
        AddMapChanges(header->updates, changes);
        if (header->type == proof::kSealType && index > mapped) {
          status = keep(index);
        } else if (changes.size() >= limits::kMapChangesPerSeal) {
          status = ledger.map->Apply(std::exchange(changes, {}));
        }
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  return ledger.map->Apply(std::move(changes));
}

// The map as stored for a seal, then what came after.
absl::Status LoadMap(Store& store, size_t cache_bytes, CheckedLedger& ledger) {
  const Head& head = ledger.head;
  ASSIGN_OR_RETURN(const uint64_t mapped, store.ReadMappedSize());
  Hash root;
  if (mapped > 0) {
    if (mapped >= head.sealed_size) return WrongMap(mapped);
    ASSIGN_OR_RETURN(root, ReadSealedMapRoot(store, mapped));
  }
  auto map = MapTree::Open(store, root, cache_bytes);
  if (absl::IsDataLoss(map.status())) return WrongMap(mapped);
  ASSIGN_OR_RETURN(ledger.map, std::move(map));
  RETURN_IF_ERROR(RollForward(store, mapped, ledger));
  ledger.sealed_map = ledger.map->kept();
  return absl::OkStatus();
}

absl::StatusOr<proof::Frontier> EdgeAt(uint64_t size, const Tree& tree) {
  const proof::NodeReader read = tree.Reader();
  std::vector<Hash> nodes;
  for (const proof::NodeId& id : proof::Frontier::NodesOf(size)) {
    const auto node = read(id);
    if (!node.has_value()) {
      return Refuse(absl::StrCat("tree node ", id.level, "/", id.index,
                                 " cannot be read"),
                    absl::StrCat("无法读取树节点 ", id.level, "/", id.index));
    }
    nodes.push_back(*node);
  }
  return *proof::Frontier::From(size, std::move(nodes));
}

absl::StatusOr<CheckedLedger> Check(Store& store, PublishedFile& file,
                                    const Signing& signing,
                                    size_t map_cache_bytes) {
  CheckedLedger ledger;
  ASSIGN_OR_RETURN(ledger.head, store.ReadHead());
  if (ledger.head.size == 0) {
    ledger.head.chain_head = proof::ChainStart(signing.origin);
  }
  RETURN_IF_ERROR(CheckLastBundle(store, ledger.head, signing));
  ASSIGN_OR_RETURN(ledger.tree, Tree::Load(store, ledger.head.size));
  ASSIGN_OR_RETURN(ledger.published,
                   CheckPublished(store, file, signing, ledger));
  RETURN_IF_ERROR(LoadMap(store, map_cache_bytes, ledger));
  ASSIGN_OR_RETURN(ledger.signed_edge,
                   EdgeAt(ledger.published.size, *ledger.tree));
  ASSIGN_OR_RETURN(ledger.last_epoch, store.ReadEpoch());
  return ledger;
}

}  // namespace

std::string IdentityOf(const Signing& signing) {
  std::string identity =
      absl::StrCat(kSchemaLine, "origin ", signing.origin, "\n");
  for (const crypto::NoteSigner& signer : signing.signers) {
    absl::StrAppend(&identity, "key ", signer.vkey(), "\n");
  }
  return identity;
}

absl::StatusOr<CheckedLedger> CheckAtStart(Store& store, PublishedFile& file,
                                           const Signing& signing,
                                           size_t map_cache_bytes) {
  RETURN_IF_ERROR(CheckIdentity(store, file, signing));
  return Check(store, file, signing, map_cache_bytes);
}

}  // namespace dataip::ledger
