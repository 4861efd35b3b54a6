#include "client/cli/table_loading.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/cli/input_files.h"
#include "client/cli/output.h"
#include "client/command.h"
#include "client/registry_client.h"
#include "client/status.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kRootActor[] = "root";
// A table has one version a year or so.
constexpr uint64_t kVersionsTried = 256;

bool IsVersionConflict(const absl::Status& status) {
  const auto detail = ErrorDetailOf(status);
  return detail.has_value() && detail->reason() == rpc::v1::VERSION_CONFLICT;
}

// No read tells a table's version; asking what would come of the command does.
absl::StatusOr<uint64_t> VersionFor(
    Invocation& invocation, v1::Command command,
    const std::vector<crypto::PrivateKey>& keys) {
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  absl::Status answer;
  for (uint64_t version = 0; version < kVersionsTried; ++version) {
    command.set_version(version);
    v1::SubmitCommandRequest request;
    ASSIGN_OR_RETURN(*request.mutable_command(),
                     SignCommand(command, info->origin(), keys));
    request.set_validate_only(true);
    answer = invocation.Send(request).status();
    if (answer.ok()) return version;
    if (!IsVersionConflict(answer)) return answer;
  }
  return answer;
}

}  // namespace

absl::Status CheckRootKey(Invocation& invocation,
                          const crypto::PrivateKey& key) {
  const auto actor = invocation.ActorOf(key.public_key());
  // What nobody can say of the key the registry will.
  if (!actor.ok() || *actor == kRootActor) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      "此命令须由登记机构的根密钥签名，所给密钥属于 ", *actor,
      "，请改用根密钥的 --key 或其配置文件 (this command is signed by the "
      "registry's root key; the key given is that of ",
      *actor, ": name root's by --key, or root's profile)"));
}

absl::StatusOr<v1::SubmitCommandResponse> LoadTable(
    Invocation& invocation, const TableFile& file,
    std::optional<uint64_t> version) {
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 1));
  RETURN_IF_ERROR(CheckRootKey(invocation, keys.front()));
  ASSIGN_OR_RETURN(const std::string content,
                   ReadInputFile(file.path, limits::kTableBytes));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(kRootActor));
  command.mutable_load_table()->set_name(file.name);
  command.mutable_load_table()->set_content(content);
  if (!version.has_value()) {
    ASSIGN_OR_RETURN(version, VersionFor(invocation, command, keys));
  }
  command.set_version(*version);
  return invocation.Submit(command, keys);
}

Record ReceiptRecord(const v1::SubmitCommandResponse& response) {
  return {{"账本序号", absl::StrCat(response.receipt().index())},
          {"已封存", response.receipt().checkpoint().empty() ? "尚未" : "是"}};
}

Record LoadedRecord(const std::string& name,
                    const v1::SubmitCommandResponse& response) {
  Record record = {{"代码表", name}};
  for (const v1::Event& event : response.events()) {
    if (event.has_table_loaded()) {
      record.push_back({"行数", absl::StrCat(event.table_loaded().rows())});
      record.push_back({"SHA-256", HexOf(event.table_loaded().sha256())});
    }
    if (!event.has_deadlines_recomputed()) continue;
    std::string lines;
    for (const auto& one : event.deadlines_recomputed().deadlines()) {
      absl::StrAppend(&lines, lines.empty() ? "" : "\n", one.object(), "  ",
                      one.deadline().rule(), "  → ", one.deadline().due_date(),
                      one.deadline().provisional() ? "（暂定）" : "");
    }
    record.push_back({"重算的期限", lines});
  }
  for (const auto& line : ReceiptRecord(response)) record.push_back(line);
  return record;
}

absl::StatusOr<v1::GetTableResponse> ReadTable(Invocation& invocation,
                                               const std::string& name,
                                               const std::string& digest) {
  v1::GetTableRequest request;
  request.set_name(name);
  if (!digest.empty()) {
    const auto bytes = base::HexDecode(digest);
    if (!bytes || bytes->size() != hash::kHashBytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--digest 应为 64 位小写十六进制 (takes 64 lowercase hex digits): ",
          digest));
    }
    request.set_sha256(std::string(bytes->begin(), bytes->end()));
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  return registry->GetTable(request);
}

}  // namespace dataip::client
