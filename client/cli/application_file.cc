// `dataip application file` and `prepare`: one application of a filing table,
// filed at once or put before the co-applicants.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/application_precheck.h"
#include "client/cli/batch.h"
#include "client/cli/case_view.h"
#include "client/cli/commands.h"
#include "client/cli/filing_inputs.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

struct Signed {
  v1::Command command;
  std::vector<crypto::PrivateKey> keys;
  Filing filing;
};

// Uploads, sends, prints.
absl::StatusOr<int> SendFiling(Invocation& invocation, RegistryClient& registry,
                               const Signed& one) {
  RETURN_IF_ERROR(UploadAll(registry, one.filing));
  const auto response =
      invocation.Submit(one.command, one.keys, one.filing.openings);
  if (!response.ok()) {
    ForgetSealed(invocation, response.status());
    return response.status();
  }
  SayFindings(invocation, *response);
  invocation.PrintMessage(
      *response, {{"参考号", one.filing.form.client_reference()},
                  {"结果", OutcomeText(*response)},
                  {"账本序号", absl::StrCat(response->receipt().index())}});
  return kExitOk;
}

absl::StatusOr<Signed> StartFiling(Invocation& invocation, size_t most_keys) {
  Signed one;
  ASSIGN_OR_RETURN(one.keys, invocation.Keys(1, most_keys));
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(one.keys.front().public_key()));
  ASSIGN_OR_RETURN(one.command, invocation.NewCommand(actor));
  return one;
}

absl::StatusOr<int> RunFile(Invocation& invocation) {
  constexpr size_t kApplicants = 7;
  ASSIGN_OR_RETURN(Signed one, StartFiling(invocation, kApplicants));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const std::string principal,
                   PrincipalOf(invocation, *registry, one.command.actor()));
  ASSIGN_OR_RETURN(one.filing, FilingOfRow(invocation, *registry, principal));
  SetIssuedAt(one.command.issued_at(), one.filing.form);
  RETURN_IF_ERROR(ApplyEdits(invocation, *registry, one.filing));
  *one.command.mutable_submit_application()->mutable_form() = one.filing.form;
  return SendFiling(invocation, *registry, one);
}

// The draft's form with its corrections, for --draft.
absl::StatusOr<Filing> MendedDraft(Invocation& invocation,
                                   RegistryClient& registry,
                                   const v1::Draft& draft,
                                   const v1::Command& command) {
  v1::Application before;
  *before.mutable_form() = draft.form();
  const std::string csv =
      invocation.words().empty() ? "" : invocation.words().front();
  // All sign anew, so these need no other reason.
  ASSIGN_OR_RETURN(CorrectedRow corrected,
                   FilingFrom(invocation,
                              {.application = before,
                               .reasons = {"contact", "prepared_from"}},
                              csv));
  if (corrected.new_deposit) {
    SetIssuedAt(command.issued_at(), corrected.filing.form);
  }
  RETURN_IF_ERROR(SetApplicants(invocation, registry, corrected.filing.form));
  return std::move(corrected.filing);
}

absl::StatusOr<int> RunPrepare(Invocation& invocation) {
  const std::string draft_no = invocation.Text("--draft");
  if (draft_no.empty() && invocation.words().empty()) {
    return absl::InvalidArgumentError(
        "请给出申请表 FILE.csv，或用 --draft 指明要修改的草稿 (give the filing "
        "table, or name the draft to be changed by --draft)");
  }
  ASSIGN_OR_RETURN(Signed one, StartFiling(invocation, 1));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  v1::PrepareApplication& body = *one.command.mutable_prepare_application();
  if (draft_no.empty()) {
    ASSIGN_OR_RETURN(const std::string principal,
                     PrincipalOf(invocation, *registry, one.command.actor()));
    ASSIGN_OR_RETURN(one.filing, FilingOfRow(invocation, *registry, principal));
    SetIssuedAt(one.command.issued_at(), one.filing.form);
  } else {
    ASSIGN_OR_RETURN(const auto found, registry->GetDraft(draft_no));
    ASSIGN_OR_RETURN(one.filing, MendedDraft(invocation, *registry,
                                             found.draft(), one.command));
    one.command.set_version(found.draft().version());
    body.set_draft_no(draft_no);
  }
  RETURN_IF_ERROR(ApplyEdits(invocation, *registry, one.filing));
  *body.mutable_form() = one.filing.form;
  return SendFiling(invocation, *registry, one);
}

std::vector<FlagRule> FlagsOf(std::vector<FlagRule> own) {
  std::vector<FlagRule> flags = RowFlags();
  for (FlagRule& rule : own) flags.push_back(std::move(rule));
  for (FlagRule& rule : EditFlags()) flags.push_back(std::move(rule));
  return flags;
}

}  // namespace

std::vector<CommandSpec> ApplicationFileCommands() {
  return {
      {.group = "application",
       .name = "file",
       .words = "FILE.csv",
       .word_count = {1, 1},
       .summary = "提交申请 Files one row of a table; every applicant signs, "
                  "or the agent of them all",
       .flags = FlagsOf({PrincipalFlag()}),
       .examples = {"dataip application file applications.csv --data . --row "
                    "ZJ-METER-01 --key enterprise.pem",
                    "dataip application file applications.csv --data . --for "
                    "P0000001 --key agent.pem",
                    "dataip application file applications.csv --data . "
                    "--co-applicant P0000002 --key enterprise.pem --key "
                    "partner.pem"},
       .run = RunFile},
      {.group = "application",
       .name = "prepare",
       .words = "[FILE.csv]",
       .word_count = {0, 1},
       .summary = "提出草稿 Puts a form before the co-applicants, who sign it "
                  "by `application cosign`",
       .flags = FlagsOf({{.name = "--draft",
                          .value = "D",
                          .help = "replaces the form of this draft: by the "
                                  "mended row, by --form, or by --set and the "
                                  "like alone; all sign anew"},
                         {.name = "--form",
                          .value = "FILE",
                          .help = "with --draft: the whole form as JSON"},
                         PrincipalFlag()}),
       .examples = {"dataip application prepare applications.csv --data . "
                    "--row ZJ-METER-01 --co-applicant P0000002 --key "
                    "enterprise.pem",
                    "dataip application prepare --draft D20240000001 --set "
                    "name=城市热量表累计热量数据集 --key enterprise.pem"},
       .run = RunPrepare}};
}

}  // namespace dataip::client
