#include "services/registry/authenticate.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/crypto/verify.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/context.h"
#include "core/registry/state/profiles.h"
#include "core/registry/state/signing.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "services/common/error.h"
#include "services/registry/openings.h"

namespace dataip::registryd {
namespace {

constexpr size_t kKeyIdCharacters = 64;

absl::Status Malformed(const std::string& en, const std::string& zh) {
  return services::MakeStatus(rpc::v1::MALFORMED, {en, zh});
}

absl::Status BadSignature(int position, const std::string& en,
                          const std::string& zh) {
  rpc::v1::FieldViolation violation;
  violation.set_field(absl::StrCat("command.signatures[", position, "]"));
  violation.set_rule("SIGNATURE");
  violation.set_message_en(en);
  violation.set_message_zh(zh);
  return services::MakeStatus(rpc::v1::BAD_SIGNATURE,
                              {absl::StrCat(violation.field(), ": ", en),
                               absl::StrCat(violation.field(), "：", zh)},
                              {violation});
}

// formats.md 7: 1 to 8, ascending by key id, no repeats, nothing unknown.
absl::Status CheckForm(const v1::SignedCommand& command) {
  if (command.command().size() > limits::kCommandBytes) {
    return services::MakeStatus(
        rpc::v1::TOO_LARGE,
        {absl::StrCat("a command has at most ", limits::kCommandBytes,
                      " bytes"),
         absl::StrCat("一条指令不得超过 ", limits::kCommandBytes, " 字节")});
  }
  if (!registry::CheckKnown(command).ok()) {
    return Malformed("command: unknown fields beside the signatures",
                     "command：签名之外有未知字段");
  }
  const int count = command.signatures_size();
  if (count < 1 || static_cast<size_t>(count) > limits::kSignaturesPerCommand) {
    return Malformed(absl::StrCat("command.signatures: from 1 to ",
                                  limits::kSignaturesPerCommand),
                     absl::StrCat("command.signatures：应有 1 至 ",
                                  limits::kSignaturesPerCommand, " 个"));
  }
  for (int i = 0; i < count; ++i) {
    const std::string& key_id = command.signatures(i).key_id();
    if (key_id.size() != kKeyIdCharacters ||
        !base::HexDecode(std::string_view(key_id)).has_value() ||
        (i > 0 && key_id <= command.signatures(i - 1).key_id())) {
      return Malformed(
          absl::StrCat("command.signatures[", i,
                       "].key_id: 64 lowercase hex digits, ascending"),
          absl::StrCat("command.signatures[", i,
                       "].key_id：应为 64 位小写十六进制，按升序排列"));
    }
  }
  return absl::OkStatus();
}

// The form that the command replaces, and what an agent needs for it.
struct Replaced {
  const v1::ApplicationForm* form = nullptr;
  v1::AttorneyAct act = v1::ATTORNEY_ACT_UNSPECIFIED;
  std::string number;  // of the application; empty for a draft
};

Replaced ReplacedBy(const registry::State& state, const v1::Command& command) {
  if (command.has_correct_application()) {
    const std::string& number = command.correct_application().application_no();
    const auto* application = registry::FindApplication(state, number);
    if (application == nullptr) return {};
    return {&application->form(), v1::ACT_CORRECT, number};
  }
  if (command.has_prepare_application()) {
    const auto* draft =
        registry::FindDraft(state, command.prepare_application().draft_no());
    if (draft != nullptr) return {&draft->form(), v1::ACT_FILE, ""};
  }
  return {};
}

// Only an applicant or its agent may lean on what was opened before.
std::set<std::string> OpenedBefore(const registry::State& state,
                                   const v1::Command& command) {
  std::set<std::string> known;
  const Replaced replaced = ReplacedBy(state, command);
  if (replaced.form == nullptr) return known;
  const registry::CivilDate day = registry::ShanghaiDate(
      registry::ToUnixMs(command.issued_at()).value_or(0));
  for (const auto& applicant : replaced.form->applicants()) {
    if (!registry::MayActFor(state,
                             {command.actor(), applicant.party_number(),
                              replaced.act, replaced.number},
                             day)) {
      continue;
    }
    for (const auto& found : CommitmentsIn(*replaced.form)) {
      known.insert(found.digest);
    }
    break;
  }
  return known;
}

// The profile that rules the command when it is decided about the time at which
// it was made.
std::shared_ptr<const registry::Profile> RulingProfile(
    const registry::State& state, const v1::Command& command) {
  const int64_t at_ms = registry::DecisionTimeMs(
      state, command, registry::ToUnixMs(command.issued_at()).value_or(0));
  const auto found =
      state.profiles.find(registry::ProfileFor(state, command, at_ms).sha256());
  return found == state.profiles.end() ? nullptr : found->second;
}

}  // namespace

Authenticator::Authenticator(std::string origin, const Parts& parts)
    : origin_(std::move(origin)),
      acknowledged_(parts.acknowledged),
      files_(parts.files),
      uploads_(parts.uploads) {}

absl::Status Authenticator::CheckSignatures(Submission& submission) const {
  const v1::SignedCommand& signed_command = submission.signed_command;
  for (const v1::Signature& signature : signed_command.signatures()) {
    submission.signer_key_ids.push_back(signature.key_id());
  }
  const auto keys = acknowledged_.With([&](const registry::State& state) {
    return registry::SigningKeys(state, submission.command,
                                 submission.signer_key_ids);
  });
  if (!keys.ok() && absl::IsPermissionDenied(keys.status())) {
    return BadSignature(0, std::string(keys.status().message()),
                        "签名所用的密钥未登记，请用已登记的密钥签名");
  }
  if (!keys.ok()) {
    return Malformed(std::string(keys.status().message()),
                     "指令中的公钥无效，请核对");
  }
  for (int i = 0; i < signed_command.signatures_size(); ++i) {
    const v1::Signature& signature = signed_command.signatures(i);
    const std::string message = crypto::CommandMessage(
        {origin_, signature.key_id(), hash::AsBytes(signed_command.command())});
    if (!crypto::Verify((*keys)[static_cast<size_t>(i)], hash::AsBytes(message),
                        hash::AsBytes(signature.signature()))) {
      return BadSignature(
          i, "does not verify: sign exactly these bytes for this ledger",
          "签名验证不通过：请对同一指令、同一账本重新签名");
    }
  }
  return absl::OkStatus();
}

void Authenticator::CheckOpeningsOf(const std::string& sender,
                                    const v1::SubmitCommandRequest& request,
                                    Submission& submission) const {
  std::set<std::string> known;
  std::set<std::string> uploaders = {sender};
  std::shared_ptr<const registry::Profile> profile;
  acknowledged_.With([&](const registry::State& state) {
    known = OpenedBefore(state, submission.command);
    profile = RulingProfile(state, submission.command);
    for (const std::string& key_id : submission.signer_key_ids) {
      const auto key = state.keys.find(key_id);
      if (key != state.keys.end()) uploaders.insert(key->second.actor);
    }
  });
  const std::function<bool(const Hash&)> uploaded = [&](const Hash& sha256) {
    return uploads_.Has(uploaders, sha256);
  };
  auto openings =
      CheckOpenings({request, submission.command, known, uploaded}, files_);
  submission.openings_status =
      openings.ok()
          ? CheckSealedStaySealed(submission.command, profile.get(), *openings)
          : openings.status();
  if (openings.ok()) submission.openings = *std::move(openings);
}

absl::StatusOr<Submission> Authenticator::Authenticate(
    const std::string& sender, const v1::SubmitCommandRequest& request) const {
  RETURN_IF_ERROR(CheckForm(request.command()));
  Submission submission;
  submission.signed_command = request.command();
  submission.validate_only = request.validate_only();
  const std::string& bytes = submission.signed_command.command();
  auto command = registry::ParseCanonical<v1::Command>(bytes);
  if (!command.ok()) {
    return Malformed(
        absl::StrCat("command.command: ", command.status().message()),
        "command.command：不是规范编码的指令（有未知字段或编码不唯一）");
  }
  submission.command = *std::move(command);
  submission.command_sha256 = hash::Sha256(hash::AsBytes(bytes));
  RETURN_IF_ERROR(CheckSignatures(submission));
  CheckOpeningsOf(sender, request, submission);
  return submission;
}

}  // namespace dataip::registryd
