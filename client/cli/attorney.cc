// `dataip attorney`: who may act for a party, in what and how long.
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/application_view.h"
#include "client/cli/case_labels.h"
#include "client/cli/case_view.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/enum_words.h"
#include "client/cli/evidence_files.h"
#include "client/cli/object_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kDocumentKind[] = "power";

VersionOf AttorneyVersion() {
  return [](RegistryClient& registry,
            const std::string& number) -> absl::StatusOr<uint64_t> {
    ASSIGN_OR_RETURN(const auto powers,
                     registry.ListAttorneys(v1::ListAttorneysRequest()));
    for (const v1::PowerOfAttorney& power : powers) {
      if (power.attorney_no() == number) return power.version();
    }
    return absl::NotFoundError(absl::StrCat(
        "没有您为委托人或者代理人的委托 ", number,
        "，请用 `dataip attorney list` 核对编号 (there is no power of attorney "
        "of yours with this number; see `dataip attorney list`)"));
  };
}

absl::StatusOr<v1::GrantAttorney> GrantOf(const Invocation& invocation) {
  v1::GrantAttorney body;
  std::set<v1::AttorneyAct> acts;
  for (const std::string& word : invocation.List("--act")) {
    ASSIGN_OR_RETURN(const v1::AttorneyAct act, ParseAttorneyAct(word));
    acts.insert(act);
  }
  for (const v1::AttorneyAct act : acts) body.add_acts(act);
  body.set_valid_from(invocation.Text("--from"));
  body.set_valid_to(invocation.Text("--to"));
  const auto objects = invocation.List("--object");
  const std::set<std::string> once(objects.begin(), objects.end());
  for (const std::string& object : once) body.add_objects(object);
  return body;
}

absl::StatusOr<int> RunGrant(Invocation& invocation) {
  ASSIGN_OR_RETURN(v1::GrantAttorney body, GrantOf(invocation));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto agent,
                   registry->GetParty(invocation.Text("--agent")));
  body.set_agent(agent.party().party_number());
  ASSIGN_OR_RETURN(
      const AttachedFiles attached,
      AttachFiles(*registry, kDocumentKind, invocation.List("--document")));
  if (!attached.files.empty()) *body.mutable_document() = attached.files[0];
  const auto fill = [&](const std::string&, v1::Command& command) {
    *command.mutable_grant_attorney() = body;
  };
  return ActOnOne(invocation, {NoVersion(), fill, attached.openings}, {});
}

absl::StatusOr<int> RunRevoke(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {AttorneyVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_revoke_attorney()->set_attorney_no(number);
       }});
}

absl::StatusOr<int> RunList(Invocation& invocation) {
  v1::ListAttorneysRequest request;
  request.set_party(invocation.Text("--party"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  RETURN_IF_ERROR(CheckParty(*registry, request.party()));
  ASSIGN_OR_RETURN(const auto powers, registry->ListAttorneys(request));
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::PowerOfAttorney& power : powers) messages.push_back(&power);
  invocation.PrintList(messages, AttorneyTable(powers));
  for (const v1::PowerOfAttorney& power : powers) {
    RETURN_IF_ERROR(DownloadFilesOf(invocation, power.attorney_no(), power));
  }
  return kExitOk;
}

CommandSpec GrantSpec() {
  return {
      .group = "attorney",
      .name = "grant",
      .summary = "授权委托 Lets an agent act for you; you sign",
      .flags = {{.name = "--agent",
                 .value = "NUMBER|USCC",
                 .help = "who may act",
                 .required = true},
                {.name = "--act",
                 .value = "ACT",
                 .help = absl::StrCat(
                     "in what: ",
                     absl::StrJoin(EnumWords<v1::AttorneyAct>("ACT_"), ", ")),
                 .required = true,
                 .repeatable = true},
                {.name = "--from",
                 .value = "DAY",
                 .help = "first day, YYYY-MM-DD",
                 .required = true},
                {.name = "--to",
                 .value = "DAY",
                 .help = "last day",
                 .required = true},
                {.name = "--object",
                 .value = "NO",
                 .help = "only this application, certificate or registration; "
                         "else all. Filing anew takes a power over all",
                 .repeatable = true},
                {.name = "--document",
                 .value = "FILE",
                 .help = "the signed paper, kept by the registry"}},
      .examples = {"dataip attorney grant --agent 91330382MA00006569 --act "
                   "file --act correct --from 2024-06-01 --to 2025-05-31 "
                   "--document power.pdf --key enterprise.pem"},
      .run = RunGrant};
}

}  // namespace

std::vector<CommandSpec> AttorneyCommands() {
  return {GrantSpec(),
          {.group = "attorney",
           .name = "revoke",
           .words = "A...",
           .word_count = {1, kAnyNumber},
           .summary = "终止委托 Ends powers of attorney at once; either side "
                      "signs",
           .examples = {"dataip attorney revoke A20240000001 --key "
                        "enterprise.pem"},
           .run = RunRevoke},
          {.group = "attorney",
           .name = "list",
           .summary = "委托列表 Lists powers of attorney that you are part of",
           .flags = {{.name = "--party",
                      .value = "NUMBER|USCC",
                      .help = "only of this principal or agent"},
                     FilesFlag()},
           .examples = {"dataip attorney list --party P0000001"},
           .run = RunList}};
}

}  // namespace dataip::client
