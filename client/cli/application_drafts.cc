// `dataip application drafts|draft|cosign|discard|submit`.
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/case_view.h"
#include "client/cli/command_bodies.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/object_files.h"
#include "client/registry_client.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/hash/hash.h"
#include "core/registry/application/drafts.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::StatusOr<int> RunDrafts(Invocation& invocation) {
  v1::ListDraftsRequest request;
  request.set_closed(invocation.Switch("--closed"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto drafts, registry->ListDrafts(request));
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::Draft& draft : drafts) messages.push_back(&draft);
  invocation.PrintList(messages, DraftTable(drafts));
  return kExitOk;
}

absl::StatusOr<int> RunDraft(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response,
                   registry->GetDraft(invocation.words().front()));
  invocation.PrintMessage(response, DraftRecord(response.draft()));
  RETURN_IF_ERROR(DownloadFilesOf(invocation, response.draft().draft_no(),
                                  response.draft()));
  return kExitOk;
}

// What a key is to sign: the digest of the form that was shown, which must be
// the one that the registry names.
absl::StatusOr<v1::Draft> DraftToSign(RegistryClient& registry,
                                      const std::string& draft_no) {
  ASSIGN_OR_RETURN(const auto response, registry.GetDraft(draft_no));
  const v1::Draft& draft = response.draft();
  if (registry::FormDigest(draft.form()) == draft.form_sha256()) return draft;
  return absl::DataLossError(absl::StrCat(
      "草稿 ", draft_no,
      " 的申请表与其摘要不符，请勿确认，并与登记机构联系 (the form is not the "
      "one of the draft's digest: do not sign it)"));
}

void ShowWhatIsSigned(Invocation& invocation, const v1::Draft& draft) {
  Record record = {{"草稿编号", draft.draft_no()}};
  AppendSignedForm(draft.form(), record);
  record.push_back({"申请表 SHA-256", HexOf(draft.form_sha256())});
  // Errors in JSON stay alone on stderr.
  if (invocation.json()) return;
  invocation.Say(absl::StrCat("确认的申请表 (the form that you sign):\n",
                              FormatRecord(record)));
}

absl::Status CheckPinned(const std::string& pinned,
                         const std::vector<v1::Draft>& drafts) {
  if (drafts.size() != 1) {
    return absl::InvalidArgumentError(
        "--form-sha256 只能用于一个草稿 (--form-sha256 goes with one draft)");
  }
  const auto digest = base::HexDecode(pinned);
  if (!digest.has_value() || digest->size() != hash::kHashBytes) {
    return absl::InvalidArgumentError(
        "--form-sha256 应为 64 位十六进制数字 (64 hex digits are wanted)");
  }
  if (std::string(digest->begin(), digest->end()) ==
      drafts.front().form_sha256()) {
    return absl::OkStatus();
  }
  return absl::AbortedError(absl::StrCat(
      "草稿 ", drafts.front().draft_no(), " 的申请表已改变，现为 ",
      HexOf(drafts.front().form_sha256()),
      "，请重新阅读后再确认 (the draft has another form now: read it again)"));
}

absl::StatusOr<int> RunCosign(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto numbers, invocation.WordsOrStdin());
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  std::vector<v1::Draft> drafts;
  for (const std::string& number : numbers) {
    ASSIGN_OR_RETURN(v1::Draft draft, DraftToSign(*registry, number));
    drafts.push_back(std::move(draft));
  }
  const std::string pinned = invocation.Text("--form-sha256");
  if (!pinned.empty()) RETURN_IF_ERROR(CheckPinned(pinned, drafts));
  std::map<std::string, const v1::Draft*> shown;
  for (const v1::Draft& draft : drafts) {
    if (pinned.empty()) ShowWhatIsSigned(invocation, draft);
    shown[draft.draft_no()] = &draft;
  }
  // Of what was shown, not of what it may be by now.
  const VersionOf version = [&shown](RegistryClient&, const std::string& number)
      -> absl::StatusOr<uint64_t> { return shown.at(number)->version(); };
  const auto fill = [&shown](const std::string& number, v1::Command& command) {
    v1::CosignApplication& body = *command.mutable_cosign_application();
    body.set_draft_no(number);
    body.set_form_sha256(shown.at(number)->form_sha256());
  };
  return ActOnEach(invocation, {version, fill}, numbers);
}

absl::StatusOr<int> RunDiscard(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {DraftVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_discard_draft()->set_draft_no(number);
       }});
}

absl::StatusOr<int> RunSubmit(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {DraftVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_submit_application()->set_draft_no(number);
       }});
}

}  // namespace

std::vector<CommandSpec> ApplicationDraftCommands() {
  return {
      {.group = "application",
       .name = "drafts",
       .summary = "草稿列表 Lists your drafts and those that you are to sign",
       .flags = {{.name = "--closed",
                  .help = "also those that were submitted or discarded"}},
       .examples = {"dataip application drafts"},
       .run = RunDrafts},
      {.group = "application",
       .name = "draft",
       .words = "D",
       .word_count = {1, 1},
       .summary = "查看草稿 Shows a draft: form, digest, who has signed and "
                  "who is awaited",
       .flags = {FilesFlag()},
       .examples = {"dataip application draft D20240000001"},
       .run = RunDraft},
      {.group = "application",
       .name = "cosign",
       .words = "D...",
       .word_count = {1, kAnyNumber},
       .summary = "确认申请 A co-applicant signs the form of a draft, which "
                  "is shown on stderr",
       .flags = {{.name = "--form-sha256",
                  .value = "HEX",
                  .help = "signs only if the form is still the one that you "
                          "have read, and does not show it again"}},
       .examples = {"dataip application cosign D20240000001 --key "
                    "partner.pem"},
       .run = RunCosign},
      {.group = "application",
       .name = "discard",
       .words = "D...",
       .word_count = {1, kAnyNumber},
       .summary = "放弃草稿 Gives drafts up; any applicant may",
       .examples = {"dataip application discard D20240000001 --key "
                    "enterprise.pem"},
       .run = RunDiscard},
      {.group = "application",
       .name = "submit",
       .words = "D...",
       .word_count = {1, kAnyNumber},
       .summary = "提交草稿 Files drafts that all co-applicants have signed",
       .examples = {"dataip application submit D20240000001 --key "
                    "enterprise.pem"},
       .run = RunSubmit}};
}

}  // namespace dataip::client
