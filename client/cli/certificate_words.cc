#include "client/cli/certificate_words.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/enum_words.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/hash/hash.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// `V20240000001` and `F20240000001` against numbers of certificates.
bool IsLettered(absl::string_view word, char letter) {
  return !word.empty() && word[0] == letter;
}

// What lies on one certificate, or on all when a lettered number is given.
absl::StatusOr<v1::GetEncumbrancesResponse> EncumbrancesFor(
    RegistryClient& registry, const std::string& word, bool lettered) {
  auto found = registry.GetEncumbrances(lettered ? "" : word);
  if (found.ok() || !lettered || !absl::IsPermissionDenied(found.status())) {
    return found;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "只有工作人员可以按此编号查找，请改写证书编号 (only officers look it up "
      "by that number; name the certificate's number instead): ",
      word));
}

absl::Status NothingThere(absl::string_view zh, absl::string_view en,
                          const std::string& word) {
  return absl::NotFoundError(
      absl::StrCat(zh, "，请核对编号 (", en, "; check the number): ", word));
}

}  // namespace

absl::StatusOr<v1::Certificate> NamedCertificate(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto found,
                   registry->GetCertificate(invocation.words().front()));
  return found.certificate();
}

absl::StatusOr<int> Ask(Invocation& invocation, const v1::RequestBody& body,
                        std::vector<v1::Opening> openings) {
  ASSIGN_OR_RETURN(const v1::Certificate sheet, NamedCertificate(invocation));
  Act act{CertificateVersion(),
          [&body](const std::string& number, v1::Command& command) {
            v1::FileRequest& request = *command.mutable_file_request();
            request.set_certificate_number(number);
            *request.mutable_body() = body;
          }};
  act.openings = std::move(openings);
  return ActOnOne(invocation, act, {"证书编号", sheet.number()});
}

CommandSpec AskSpec(std::string name, std::string summary,
                    std::vector<FlagRule> flags, std::string example,
                    RunCommand run) {
  return {.group = "certificate",
          .name = std::move(name),
          .words = "NUMBER",
          .word_count = {1, 1},
          .summary = std::move(summary),
          .flags = std::move(flags),
          .examples = {std::move(example)},
          .run = std::move(run)};
}

std::vector<FlagRule> ChangeFlags() {
  return {{.name = "--name", .value = "TEXT", .help = "name of the data"},
          {.name = "--region",
           .value = "CODE",
           .help = "region, six digits of GB/T 2260"},
          {.name = "--update-frequency",
           .value = "WORD",
           .help = "e.g. daily, monthly, static"},
          {.name = "--records",
           .value = "N",
           .help = "records; a change only lets them grow"},
          {.name = "--bytes", .value = "N", .help = "bytes"},
          {.name = "--holder-names",
           .help = "takes the holders' names from the parties anew"}};
}

absl::StatusOr<v1::ChangeRequest> ChangeOf(const Invocation& invocation) {
  v1::ChangeRequest change;
  change.set_name(invocation.Text("--name"));
  change.set_region_code(invocation.Text("--region"));
  if (invocation.Has("--update-frequency")) {
    ASSIGN_OR_RETURN(const auto frequency,
                     ParseEnumWord<v1::UpdateFrequency>(
                         invocation.Text("--update-frequency")));
    change.set_update_frequency(frequency);
  }
  if (invocation.Has("--records")) {
    ASSIGN_OR_RETURN(const uint64_t records, invocation.Number("--records"));
    change.set_record_count(records);
  }
  if (invocation.Has("--bytes")) {
    ASSIGN_OR_RETURN(const uint64_t bytes, invocation.Number("--bytes"));
    change.set_byte_size(bytes);
  }
  change.set_holder_names(invocation.Switch("--holder-names"));
  return change;
}

absl::StatusOr<v1::NewHolder> ParseHolder(RegistryClient& registry,
                                          absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  v1::NewHolder holder;
  uint32_t share_bp = 0;
  const bool shared = parts.size() == 2;
  if (parts.size() > 2 || parts[0].empty() ||
      (shared && (!absl::SimpleAtoi(parts[1], &share_bp) || share_bp == 0))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "权利人应写作 主体号 或 主体号:份额，份额以万分之一计 (a holder is "
        "PARTY or PARTY:BP, the share in basis points): ",
        text));
  }
  ASSIGN_OR_RETURN(const auto party, registry.GetParty(parts[0]));
  holder.set_party_number(party.party().party_number());
  holder.set_share_bp(share_bp);
  return holder;
}

absl::StatusOr<v1::Revocation> FindRevocation(RegistryClient& registry,
                                              const std::string& word) {
  const bool lettered = IsLettered(word, 'V');
  ASSIGN_OR_RETURN(const auto found, EncumbrancesFor(registry, word, lettered));
  const v1::Revocation* last = nullptr;
  for (const v1::Revocation& one : found.revocations()) {
    if (!lettered || one.revocation_no() == word) last = &one;
  }
  if (last != nullptr) return *last;
  return NothingThere("没有这一撤销案", "there is no such revocation", word);
}

absl::StatusOr<v1::Freeze> FindFreeze(RegistryClient& registry,
                                      const std::string& word) {
  const bool lettered = IsLettered(word, 'F');
  ASSIGN_OR_RETURN(const auto found, EncumbrancesFor(registry, word, lettered));
  if (!lettered && found.freezes_size() > 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "证书上有多项冻结，请写明冻结编号 (several freezes lie on it; name one "
        "by its number): ",
        word));
  }
  for (const v1::Freeze& one : found.freezes()) {
    if (!lettered || one.freeze_no() == word) return one;
  }
  return NothingThere("没有仍有效的这一冻结",
                      "there is no such freeze in force", word);
}

VersionOf FrozenVersion() {
  return [](RegistryClient& registry,
            const std::string& word) -> absl::StatusOr<uint64_t> {
    ASSIGN_OR_RETURN(const v1::Freeze freeze, FindFreeze(registry, word));
    ASSIGN_OR_RETURN(const auto sheet,
                     registry.GetCertificate(freeze.certificate_number()));
    // A sheet that was corrected meanwhile handed the freeze on.
    ASSIGN_OR_RETURN(const auto newest,
                     registry.GetCertificate(
                         sheet.certificate().content().registration_number()));
    return newest.certificate().status().version();
  };
}

std::string OverlaySalt() { return crypto::RandomBytes(hash::kHashBytes); }

}  // namespace dataip::client
