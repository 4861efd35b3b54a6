// `dataip review queue`, `claim`, `release`, `opinion`: who has which case
// until when, and what the data department says of it.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/case_labels.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/evidence_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kNobody[] = "none";

// `claimed_by` of the request, by the three flags of which one may stand.
absl::StatusOr<std::string> ClaimedBy(Invocation& invocation) {
  const bool mine = invocation.Switch("--mine");
  const bool free = invocation.Switch("--free");
  const bool named = invocation.Has("--claimed-by");
  if (static_cast<int>(mine) + static_cast<int>(free) +
          static_cast<int>(named) >
      1) {
    return absl::InvalidArgumentError(
        "--mine、--free、--claimed-by 只能给出一个 (give one of the three)");
  }
  if (free) return std::string(kNobody);
  if (mine) {
    ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 2));
    return invocation.ActorOf(keys.front().public_key());
  }
  const std::string officer = invocation.Text("--claimed-by");
  if (officer.empty() || absl::StartsWith(officer, registry::kOfficerPrefix)) {
    return officer;
  }
  return absl::StrCat(registry::kOfficerPrefix, officer);
}

absl::StatusOr<int> RunQueue(Invocation& invocation) {
  v1::ListQueueRequest request;
  ASSIGN_OR_RETURN(*request.mutable_claimed_by(), ClaimedBy(invocation));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto lines, registry->ListQueue(request));
  std::vector<const google::protobuf::Message*> messages;
  size_t yellow = 0;
  size_t red = 0;
  for (const v1::QueueLine& line : lines) {
    messages.push_back(&line);
    yellow += line.light() == v1::DUE_YELLOW ? 1 : 0;
    red += line.light() == v1::DUE_RED ? 1 : 0;
  }
  invocation.PrintList(messages, QueueTable(lines));
  if (!invocation.json()) {
    invocation.Say(absl::StrCat("共 ", lines.size(), " 件，黄 ", yellow,
                                "，红 ", red, " / ", lines.size(), " lines, ",
                                yellow, " yellow, ", red, " red"));
  }
  return kExitOk;
}

absl::StatusOr<int> RunClaim(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {ApplicationVersion(),
       [](const std::string& number, v1::Command& command) {
         command.mutable_claim_application()->set_application_no(number);
       }});
}

absl::StatusOr<int> RunRelease(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {ApplicationVersion(),
       [](const std::string& number, v1::Command& command) {
         command.mutable_release_application()->set_application_no(number);
       }});
}

absl::StatusOr<int> RunOpinion(Invocation& invocation) {
  if (invocation.Switch("--agrees") == invocation.Switch("--disagrees")) {
    return absl::InvalidArgumentError(
        "请给出 --agrees 或 --disagrees 之一 (give one of the two)");
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(
      AttachedFiles attached,
      AttachFiles(*registry, "opinion", {invocation.Text("--document")}));
  v1::DataDepartmentOpinion opinion;
  opinion.set_department(invocation.Text("--department"));
  opinion.set_document_no(invocation.Text("--document-no"));
  *opinion.mutable_document() = attached.files.front();
  opinion.set_agrees(invocation.Switch("--agrees"));
  const auto fill = [&](const std::string& number, v1::Command& command) {
    v1::RecordOpinion& body = *command.mutable_record_opinion();
    body.set_application_no(number);
    *body.mutable_opinion() = opinion;
  };
  return ActOnOne(invocation, {ApplicationVersion(), fill, attached.openings},
                  {"申请号", invocation.words().front()});
}

CommandSpec QueueSpec() {
  return {.group = "review",
          .name = "queue",
          .summary =
              "审查队列 Shows what waits for officers, the earliest due "
              "day first, with working days left and light; -o json has "
              "names in full and the three durations",
          .flags = {{.name = "--mine", .help = "only what I have taken up"},
                    {.name = "--free", .help = "only what nobody has"},
                    {.name = "--claimed-by",
                     .value = "OFFICER",
                     .help = "only what this officer has, e.g. examiner-1"}},
          .examples = {"dataip review queue",
                       "dataip review queue --mine --key examiner.pem"},
          .run = RunQueue};
}

CommandSpec OpinionSpec() {
  return {.group = "review",
          .name = "opinion",
          .words = "NO",
          .word_count = {1, 1},
          .summary =
              "数据主管部门意见 Records what the data department says "
              "of important data (B17)",
          .flags = {{.name = "--department",
                     .value = "NAME",
                     .help = "the department",
                     .required = true},
                    {.name = "--document-no",
                     .value = "NO",
                     .help = "number of its document",
                     .required = true},
                    {.name = "--document",
                     .value = "FILE",
                     .help = "the document",
                     .required = true},
                    {.name = "--agrees", .help = "it agrees"},
                    {.name = "--disagrees", .help = "it does not"}},
          .examples = {"dataip review opinion 20240000001 --department "
                       "浙江省数据局 --document-no 浙数函〔2024〕1号 "
                       "--document opinion.pdf --agrees --key examiner.pem"},
          .run = RunOpinion};
}

}  // namespace

std::vector<CommandSpec> ReviewQueueCommands() {
  return {QueueSpec(),
          {.group = "review",
           .name = "claim",
           .words = "NO...",
           .word_count = {1, kAnyNumber},
           .summary = "领取 Takes cases up; others leave them alone",
           .examples = {"dataip review claim 20240000001 --key examiner.pem",
                        "dataip review claim - --key examiner.pem < "
                        "numbers.txt"},
           .run = RunClaim},
          {.group = "review",
           .name = "release",
           .words = "NO...",
           .word_count = {1, kAnyNumber},
           .summary = "退回 Gives cases back; another officer may, too",
           .examples = {"dataip review release 20240000001 --key "
                        "examiner.pem"},
           .run = RunRelease},
          OpinionSpec()};
}

}  // namespace dataip::client
