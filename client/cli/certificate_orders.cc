// `dataip certificate`: what is done to certificates ex officio (C7, C9, C10).
// Taking over those of older systems stands in certificate_import.cc.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/certificate_view.h"
#include "client/cli/certificate_words.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/enum_words.h"
#include "client/cli/evidence_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

using Fill =
    std::function<void(const std::string& number, v1::Command& command)>;

// By its Chinese word or as in the protocol.
absl::StatusOr<v1::RevocationOccasion> ParseOccasion(const std::string& word) {
  if (word == "依职权") return v1::EX_OFFICIO;
  if (word == "举报") return v1::ON_REPORT;
  if (word == "裁判") return v1::ON_JUDGMENT;
  return ParseEnumWord<v1::RevocationOccasion>(word);
}

absl::StatusOr<AttachedFiles> AttachDocument(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  return AttachFiles(*registry, "document", {invocation.Text("--document")});
}

absl::StatusOr<int> RunOpenRevocation(Invocation& invocation) {
  auto grounds = invocation.List("--ground");
  std::sort(grounds.begin(), grounds.end());
  grounds.erase(std::unique(grounds.begin(), grounds.end()), grounds.end());
  const std::string reason = invocation.Text("--reason");
  ASSIGN_OR_RETURN(const v1::RevocationOccasion occasion,
                   ParseOccasion(invocation.Text("--occasion")));
  const std::string document_no = invocation.Text("--document-no");
  ASSIGN_OR_RETURN(const v1::Certificate sheet, NamedCertificate(invocation));
  AttachedFiles attached;
  if (invocation.Has("--document")) {
    ASSIGN_OR_RETURN(attached, AttachDocument(invocation));
  }
  const Fill fill = [&](const std::string& number, v1::Command& command) {
    v1::OpenRevocation& body = *command.mutable_open_revocation();
    body.set_certificate_number(number);
    for (const std::string& ground : grounds) body.add_grounds(ground);
    body.set_reason(reason);
    body.set_occasion(occasion);
    body.set_document_no(document_no);
    if (!attached.files.empty()) {
      *body.mutable_document() = attached.files.front();
    }
    body.set_salt(OverlaySalt());
  };
  Act act{CertificateVersion(), fill};
  act.openings = attached.openings;
  return ActOnOne(invocation, act, {"证书编号", sheet.number()});
}

// The revocation of the word, at the version that was read.
struct OnRevocation {
  std::string revocation_no;
  VersionOf version_of;
};

// A holder may not look through all revocations, but through its own
// certificates; `otherwise` is said when it is on none of them.
absl::StatusOr<v1::Revocation> FindOwnRevocation(
    Invocation& invocation, const std::string& word,
    const absl::Status& otherwise) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys());
  v1::ListCertificatesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_party(),
                   invocation.ActorOf(keys.front().public_key()));
  ASSIGN_OR_RETURN(const auto own, registry->ListCertificates(request));
  for (const v1::CertificateSummary& line : own) {
    if (line.state() == v1::REPLACED) continue;
    ASSIGN_OR_RETURN(const auto found,
                     registry->GetEncumbrances(line.number()));
    for (const v1::Revocation& one : found.revocations()) {
      if (one.revocation_no() == word) return one;
    }
  }
  return otherwise;
}

absl::StatusOr<v1::Revocation> FindNamedRevocation(Invocation& invocation) {
  const std::string& word = invocation.words().front();
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  auto found = FindRevocation(*registry, word);
  if (!absl::IsInvalidArgument(found.status())) return found;
  return FindOwnRevocation(invocation, word, found.status());
}

absl::StatusOr<OnRevocation> NamedRevocation(Invocation& invocation) {
  ASSIGN_OR_RETURN(const v1::Revocation found, FindNamedRevocation(invocation));
  const uint64_t version = found.version();
  return OnRevocation{found.revocation_no(),
                      [version](RegistryClient&, const std::string&)
                          -> absl::StatusOr<uint64_t> { return version; }};
}

absl::StatusOr<int> RunAnswerRevocation(Invocation& invocation) {
  ASSIGN_OR_RETURN(const OnRevocation named, NamedRevocation(invocation));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(
      AttachedFiles attached,
      AttachFiles(*registry, "statement", invocation.List("--file")));
  const std::string statement = invocation.Text("--statement");
  Act act{
      named.version_of, [&](const std::string& number, v1::Command& command) {
        v1::StateInRevocation& body = *command.mutable_state_in_revocation();
        body.set_revocation_no(number);
        body.set_statement(statement);
        for (const v1::FileCommitment& file : attached.files) {
          *body.add_files() = file;
        }
      }};
  act.openings = attached.openings;
  return ActOnOne(invocation, act, {"撤销案号", named.revocation_no});
}

absl::StatusOr<int> RunRevoke(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto effect, ParseEnumWord<v1::RevocationEffect>(
                                          invocation.Text("--effect")));
  const std::string reason = invocation.Text("--reason");
  ASSIGN_OR_RETURN(const OnRevocation named, NamedRevocation(invocation));
  const Fill fill = [&](const std::string& number, v1::Command& command) {
    v1::RevokeCertificate& body = *command.mutable_revoke_certificate();
    body.set_revocation_no(number);
    body.set_effect(effect);
    body.set_reason(reason);
  };
  return ActByTwoOfficers(invocation, {named.version_of, fill},
                          {named.revocation_no});
}

absl::StatusOr<int> RunDropRevocation(Invocation& invocation) {
  const std::string reason = invocation.Text("--reason");
  ASSIGN_OR_RETURN(const OnRevocation named, NamedRevocation(invocation));
  const Fill fill = [&](const std::string& number, v1::Command& command) {
    v1::DropRevocation& body = *command.mutable_drop_revocation();
    body.set_revocation_no(number);
    body.set_reason(reason);
  };
  return ActByTwoOfficers(invocation, {named.version_of, fill},
                          {named.revocation_no});
}

absl::StatusOr<int> RunFreeze(Invocation& invocation) {
  ASSIGN_OR_RETURN(const v1::Certificate sheet, NamedCertificate(invocation));
  ASSIGN_OR_RETURN(AttachedFiles attached, AttachDocument(invocation));
  v1::FreezeCertificate body;
  body.set_authority(invocation.Text("--authority"));
  body.set_document_no(invocation.Text("--document-no"));
  *body.mutable_document() = attached.files.front();
  body.set_until(invocation.Text("--until"));
  body.set_salt(OverlaySalt());
  Act act{
      CertificateVersion(),
      [&](const std::string& number, v1::Command& command) {
        *command.mutable_freeze_certificate() = body;
        command.mutable_freeze_certificate()->set_certificate_number(number);
      }};
  act.openings = attached.openings;
  return ActByTwoOfficers(invocation, act, {sheet.number()});
}

absl::StatusOr<int> RunReleaseFreeze(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const v1::Freeze freeze,
                   FindFreeze(*registry, invocation.words().front()));
  ASSIGN_OR_RETURN(AttachedFiles attached, AttachDocument(invocation));
  const std::string document_no = invocation.Text("--document-no");
  Act act{FrozenVersion(),
          [&](const std::string& number, v1::Command& command) {
            v1::ReleaseFreeze& body = *command.mutable_release_freeze();
            body.set_freeze_no(number);
            body.set_document_no(document_no);
            *body.mutable_document() = attached.files.front();
          }};
  act.openings = attached.openings;
  return ActByTwoOfficers(invocation, act, {freeze.freeze_no()});
}

absl::StatusOr<int> RunCorrect(Invocation& invocation) {
  const std::string error = invocation.Text("--error");
  ASSIGN_OR_RETURN(const v1::ChangeRequest values, ChangeOf(invocation));
  ASSIGN_OR_RETURN(const v1::Certificate sheet, NamedCertificate(invocation));
  const Fill fill = [&](const std::string& number, v1::Command& command) {
    v1::CorrectCertificate& body = *command.mutable_correct_certificate();
    body.set_certificate_number(number);
    body.set_error(error);
    *body.mutable_values() = values;
  };
  return ActByTwoOfficers(invocation, {CertificateVersion(), fill},
                          {sheet.number()});
}

FlagRule Needed(std::string name, std::string value, std::string help) {
  return {.name = std::move(name),
          .value = std::move(value),
          .help = std::move(help),
          .required = true};
}

CommandSpec OpenRevocationSpec() {
  FlagRule ground =
      Needed("--ground", "CODE",
             "ground of the rule profile, e.g. R08 or V02; they are the lines "
             "revocation.ground.* of its table");
  ground.repeatable = true;
  return {.group = "certificate",
          .name = "open-revocation",
          .words = "NUMBER",
          .word_count = {1, 1},
          .summary = "启动撤销 Opens a revocation and tells the holder",
          .flags = {ground,
                    Needed("--reason", "TEXT", "what was found"),
                    {.name = "--occasion",
                     .value = "依职权|举报|裁判",
                     .help = "what it goes back to; also ex-officio, "
                             "on-report, on-judgment",
                     .default_value = "依职权"},
                    {.name = "--document-no",
                     .value = "NO",
                     .help = "number of the report or judgment"},
                    {.name = "--document",
                     .value = "FILE",
                     .help = "the report or judgment; uploaded; needed but "
                             "ex officio"}},
          .examples = {"dataip certificate open-revocation 20240733000000001 "
                       "--ground R08 --reason 存证材料系伪造 --key "
                       "examiner.pem",
                       "dataip certificate open-revocation 20240733000000001 "
                       "--ground V02 --reason 判决撤销登记 --occasion 裁判 "
                       "--document-no （2024）浙03行终17号 --document "
                       "judgment.pdf --key examiner.pem"},
          .run = RunOpenRevocation};
}

CommandSpec AnswerRevocationSpec() {
  return {.group = "certificate",
          .name = "answer-revocation",
          .words = "V|NUMBER",
          .word_count = {1, 1},
          .summary = "陈述意见 A holder is heard in a revocation",
          .flags = {Needed("--statement", "TEXT", "what the holder says"),
                    {.name = "--file",
                     .value = "FILE",
                     .help = "goes with it; uploaded",
                     .repeatable = true}},
          .examples = {"dataip certificate answer-revocation "
                       "20240733000000001 --statement 存证由公证处出具 --file "
                       "notary.pdf --key enterprise.pem"},
          .run = RunAnswerRevocation};
}

CommandSpec RevokeSpec() {
  return {.group = "certificate",
          .name = "revoke",
          .words = "V|NUMBER",
          .word_count = {1, 1},
          .summary = "撤销登记 Revokes after the hearing; two officers sign",
          .flags = {Needed("--effect", "from-decision|from-registration",
                           "from when it counts"),
                    Needed("--reason", "TEXT", "why"), HalfSignedFlag()},
          .examples = {"dataip certificate revoke V20240000001 --effect "
                       "from-registration --reason 提供虚假材料 --key "
                       "examiner.pem --key approver.pem"},
          .run = RunRevoke};
}

CommandSpec DropRevocationSpec() {
  return {.group = "certificate",
          .name = "drop-revocation",
          .words = "V|NUMBER",
          .word_count = {1, 1},
          .summary =
              "不予撤销 Ends a revocation without revoking; two officers "
              "sign",
          .flags = {Needed("--reason", "TEXT", "why"), HalfSignedFlag()},
          .examples = {"dataip certificate drop-revocation V20240000001 "
                       "--reason 经核实材料属实 --key examiner.pem --key "
                       "approver.pem"},
          .run = RunDropRevocation};
}

CommandSpec FreezeSpec() {
  return {.group = "certificate",
          .name = "freeze",
          .words = "NUMBER",
          .word_count = {1, 1},
          .summary = "冻结 Freezes by order of a court; two officers sign",
          .flags = {Needed("--authority", "TEXT", "court or authority"),
                    Needed("--document-no", "NO", "number of its document"),
                    Needed("--document", "FILE", "the document; uploaded"),
                    Needed("--until", "DAY", "last day, YYYY-MM-DD"),
                    HalfSignedFlag()},
          .examples = {"dataip certificate freeze 20240733000000001 "
                       "--authority 温州市中级人民法院 --document-no "
                       "（2024）浙03民初1号 --document order.pdf --until "
                       "2025-06-30 --key examiner.pem --key approver.pem"},
          .run = RunFreeze};
}

CommandSpec ReleaseFreezeSpec() {
  return {.group = "certificate",
          .name = "release-freeze",
          .words = "F|NUMBER",
          .word_count = {1, 1},
          .summary =
              "解除冻结 Releases a freeze before its last day; two "
              "officers sign",
          .flags = {Needed("--document-no", "NO",
                           "number of the document that releases it"),
                    Needed("--document", "FILE", "the document; uploaded"),
                    HalfSignedFlag()},
          .examples = {"dataip certificate release-freeze F20240000001 "
                       "--document-no （2024）浙03民初1号之二 --document "
                       "release.pdf --key examiner.pem --key approver.pem"},
          .run = RunReleaseFreeze};
}

CommandSpec CorrectSpec() {
  std::vector<FlagRule> flags = ChangeFlags();
  flags.insert(flags.begin(), Needed("--error", "TEXT", "what was wrong"));
  flags.push_back(HalfSignedFlag());
  return {
      .group = "certificate",
      .name = "correct",
      .words = "NUMBER",
      .word_count = {1, 1},
      .summary = "更正 Corrects the registry's own error; two officers sign",
      .flags = std::move(flags),
      .examples = {"dataip certificate correct 20240733000000001 --error "
                   "地区录入有误 --region 330302 --key examiner.pem --key "
                   "approver.pem"},
      .run = RunCorrect};
}

}  // namespace

std::vector<CommandSpec> CertificateOrderCommands() {
  return {OpenRevocationSpec(), AnswerRevocationSpec(), RevokeSpec(),
          DropRevocationSpec(), FreezeSpec(),           ReleaseFreezeSpec(),
          CorrectSpec()};
}

}  // namespace dataip::client
