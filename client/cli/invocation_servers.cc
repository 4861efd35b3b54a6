// Servers, keys, trust and commands of an invocation.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/channel.h"
#include "client/cli/input_files.h"
#include "client/cli/invocation_kept.h"
#include "client/command.h"
#include "client/pki/key_file.h"
#include "client/receipt.h"
#include "core/base/status_macros.h"
#include "core/crypto/key.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::Status Missing(absl::string_view flag, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("缺少 ", flag, " (", flag, " is needed: ", what,
                   "; also from the environment or the profile)"));
}

absl::Status NotTrust(absl::string_view path, const absl::Status& why) {
  return absl::Status(
      why.code(), absl::StrCat("--trust 不是可用的信任文件 (not a trust file "
                               "that can be used) ",
                               path, ": ", why.message()));
}

std::string KeyIdOf(const v1::PublicKey& key) {
  return crypto::KeyIdOf(static_cast<crypto::Algorithm>(key.algorithm()),
                         hash::AsBytes(key.raw()));
}

bool Holds(const google::protobuf::RepeatedPtrField<std::string>& key_ids,
           const std::string& key_id) {
  for (const std::string& id : key_ids) {
    if (id == key_id) return true;
  }
  return false;
}

// Who has this key by the registry's reads.
absl::StatusOr<std::string> FindActor(RegistryClient& registry,
                                      const v1::GetRegistryResponse& info,
                                      const std::string& key_id) {
  if (KeyIdOf(info.registry().root_key()) == key_id) return "root";
  ASSIGN_OR_RETURN(const auto officers, registry.ListOfficers());
  for (const v1::Officer& officer : officers) {
    if (!Holds(officer.key_ids(), key_id)) continue;
    return absl::StrCat("officers/", officer.officer_id());
  }
  ASSIGN_OR_RETURN(const auto parties,
                   registry.ListParties(v1::ListPartiesRequest()));
  for (const v1::Party& party : parties) {
    if (Holds(party.key_ids(), key_id)) return party.party_number();
  }
  return absl::NotFoundError(absl::StrCat(
      "登记系统不认识此密钥，请先登记或用 --actor 指明 (no root, officer or "
      "party has this key: register it, or name --actor): ",
      key_id));
}

absl::StatusOr<std::optional<TlsFiles>> TlsFilesOf(const Settings& settings) {
  const TlsFiles files{settings.Text("--tls-ca"), settings.Text("--tls-cert"),
                       settings.Text("--tls-key")};
  const bool any = !files.ca_path.empty() || !files.certificate_path.empty() ||
                   !files.key_path.empty();
  const bool all = !files.ca_path.empty() && !files.certificate_path.empty() &&
                   !files.key_path.empty();
  if (any && !all) {
    return absl::InvalidArgumentError(
        "--tls-ca、--tls-cert、--tls-key 须同时给出 (all three or none)");
  }
  if (!all) return std::optional<TlsFiles>();
  return std::optional<TlsFiles>(files);
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> ConnectTo(
    const Settings& settings, absl::string_view flag) {
  const std::string& address = settings.Text(flag);
  if (address.empty()) return Missing(flag, "HOST:PORT or unix:/path");
  ASSIGN_OR_RETURN(const std::optional<TlsFiles> tls, TlsFilesOf(settings));
  return AsUsage(MakeChannel(address, tls));
}

std::string StateFolder(const Settings& settings) {
  const std::string& given = settings.Text("--state");
  if (!given.empty()) return given;
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state != '\0') return absl::StrCat(state, "/dataip");
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return "";
  return absl::StrCat(home, "/.local/state/dataip");
}

}  // namespace

absl::StatusOr<RegistryClient*> Invocation::Registry() {
  const std::lock_guard lock(kept_->mutex);
  if (kept_->registry == nullptr) {
    ASSIGN_OR_RETURN(auto channel, ConnectTo(settings_, "--server"));
    kept_->registry =
        std::make_unique<RegistryClient>(std::move(channel), timeout_);
  }
  return kept_->registry.get();
}

absl::StatusOr<LedgerClient*> Invocation::Ledger() {
  const std::lock_guard lock(kept_->mutex);
  if (kept_->ledger == nullptr) {
    ASSIGN_OR_RETURN(auto channel, ConnectTo(settings_, "--ledger"));
    kept_->ledger = std::make_unique<LedgerClient>(std::move(channel));
  }
  return kept_->ledger.get();
}

bool Invocation::HasLedger() const {
  return !settings_.Text("--ledger").empty();
}

bool Invocation::HasTrust() const { return !settings_.Text("--trust").empty(); }

absl::StatusOr<const verify::Trust*> Invocation::Trust() {
  const std::lock_guard lock(kept_->mutex);
  if (!kept_->trust.has_value()) {
    if (!HasTrust()) return Missing("--trust", "the trust file");
    const std::string& path = settings_.Text("--trust");
    const auto text = ReadInputFile(path, kSmallFileBytes);
    if (!text.ok()) return NotTrust(path, text.status());
    auto trust = verify::ParseTrust(*text);
    if (!trust.ok()) return NotTrust(path, trust.status());
    kept_->trust = *std::move(trust);
  }
  return &*kept_->trust;
}

absl::Status Invocation::KeepCheckpoint(absl::string_view note) {
  if (!HasTrust()) return absl::OkStatus();
  const std::lock_guard lock(kept_->mutex);
  ASSIGN_OR_RETURN(const verify::Trust* const trust, Trust());
  // Not the quorum: what is acknowledged stays so while witnesses are away.
  RETURN_IF_ERROR(CheckCheckpoint(
      note, {trust->origin, trust->ledger_keys, trust->witness_keys}));
  if (!kept_->checkpoints.has_value()) {
    const std::string folder = StateFolder(settings_);
    if (folder.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(kept_->checkpoints, CheckpointStore::Open(folder));
  }
  CheckpointStore::ConsistencyProof proof;
  if (HasLedger()) {
    ASSIGN_OR_RETURN(LedgerClient* const ledger, Ledger());
    proof = CheckpointStore::AskLedger(*ledger);
  }
  ASSIGN_OR_RETURN(const bool compared,
                   kept_->checkpoints->Accept(note, proof));
  if (!compared && !kept_->said_not_compared) {
    kept_->said_not_compared = true;
    Say("未给出 --ledger，新检查点未与已知的核对，也未保存 (without --ledger "
        "the new checkpoint was neither compared with the known one nor kept)");
  }
  return absl::OkStatus();
}

bool Invocation::HasRule(absl::string_view flag) const {
  const auto& rules = command().flags;
  return std::any_of(rules.begin(), rules.end(), [flag](const FlagRule& rule) {
    return rule.name == flag;
  });
}

absl::StatusOr<std::vector<crypto::PrivateKey>> Invocation::Keys(size_t least,
                                                                 size_t most) {
  const std::vector<std::string>& paths = settings_.List("--key");
  if (paths.size() < least || paths.size() > most) {
    const std::string wanted =
        least == most ? absl::StrCat(least) : absl::StrCat(least, " to ", most);
    const bool half = least == 2 && paths.size() == 1 && HasRule("--out");
    return absl::InvalidArgumentError(absl::StrCat(
        "--key 须给出 ", wanted, " 个密钥文件，现有 ", paths.size(), " 个",
        half ? "；由另一人在别处签名的，请加 --out FILE 写出待签命令" : "",
        " (--key FILE: ", wanted, most == 1 ? " key file is" : " key files are",
        " wanted, ", paths.size(), " given",
        half ? "; when the other one signs elsewhere, write the half-signed "
               "command with --out FILE"
             : "",
        ")"));
  }
  std::vector<crypto::PrivateKey> keys;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(crypto::PrivateKey key, AsUsage(ReadKeyFile(path)));
    keys.push_back(std::move(key));
  }
  return keys;
}

absl::StatusOr<const v1::GetRegistryResponse*> Invocation::RegistryInfo() {
  const std::lock_guard lock(kept_->mutex);
  if (!kept_->info.has_value()) {
    ASSIGN_OR_RETURN(RegistryClient* const registry, Registry());
    ASSIGN_OR_RETURN(kept_->info, registry->GetRegistry());
    kept_->info_at = std::chrono::steady_clock::now();
  }
  return &*kept_->info;
}

absl::StatusOr<std::string> Invocation::ActorOf(const crypto::PublicKey& key) {
  const std::string& given = settings_.Text("--actor");
  if (!given.empty()) return given;
  const std::lock_guard lock(kept_->mutex);
  std::string& actor = kept_->actors[key.KeyId()];
  if (!actor.empty()) return actor;
  ASSIGN_OR_RETURN(RegistryClient* const registry, Registry());
  ASSIGN_OR_RETURN(const v1::GetRegistryResponse* const info, RegistryInfo());
  ASSIGN_OR_RETURN(actor, FindActor(*registry, *info, key.KeyId()));
  return actor;
}

absl::StatusOr<v1::Command> Invocation::NewCommand(const std::string& actor,
                                                   bool officers_sign) {
  const std::lock_guard lock(kept_->mutex);
  ASSIGN_OR_RETURN(const v1::GetRegistryResponse* const info, RegistryInfo());
  CommandStart start{.actor = actor, .now = info->now()};
  int64_t passed_s = 0;
  if (!info->registry().demonstration()) {
    passed_s = std::chrono::duration_cast<std::chrono::seconds>(
                   std::chrono::steady_clock::now() - kept_->info_at)
                   .count();
    start.now.set_seconds(start.now.seconds() + passed_s);
  }
  // The window was told for then, and may end at an instant.
  if (officers_sign && info->cosign_window_s() > passed_s) {
    start.life_s = info->cosign_window_s() - passed_s;
  }
  return StartCommand(start);
}

absl::StatusOr<v1::SubmitCommandResponse> Invocation::Submit(
    const v1::Command& command, const std::vector<crypto::PrivateKey>& keys) {
  return Submit(command, keys, std::vector<v1::Opening>());
}

absl::StatusOr<v1::SubmitCommandResponse> Invocation::Submit(
    const v1::Command& command, const std::vector<crypto::PrivateKey>& keys,
    const std::vector<v1::Opening>& openings) {
  ASSIGN_OR_RETURN(const v1::GetRegistryResponse* const info, RegistryInfo());
  v1::SubmitCommandRequest request;
  ASSIGN_OR_RETURN(*request.mutable_command(),
                   SignCommand(command, info->origin(), keys));
  for (const v1::Opening& opening : openings) {
    *request.add_openings() = opening;
  }
  return Send(request);
}

absl::StatusOr<v1::SubmitCommandResponse> Invocation::Send(
    const v1::SubmitCommandRequest& request) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, Registry());
  ASSIGN_OR_RETURN(v1::SubmitCommandResponse response,
                   registry->Submit(request));
  if (!HasTrust() || request.validate_only()) return response;
  ASSIGN_OR_RETURN(const verify::Trust* const trust, Trust());
  RETURN_IF_ERROR(CheckAnswer(request.command().command(), response,
                              {trust->origin, trust->ledger_keys}));
  if (!response.receipt().checkpoint().empty()) {
    RETURN_IF_ERROR(KeepCheckpoint(response.receipt().checkpoint()));
  }
  return response;
}

}  // namespace dataip::client
