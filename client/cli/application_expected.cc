// `dataip application expected` and `disclose`.
#include "absl/strings/str_cat.h"
#include "client/cli/application_view.h"
#include "client/cli/case_labels.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/sealing.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::StatusOr<int> RunExpected(Invocation& invocation) {
  v1::ListExpectedRequest request;
  request.set_party(invocation.Text("--party"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  RETURN_IF_ERROR(CheckParty(*registry, request.party()));
  ASSIGN_OR_RETURN(const auto lines, registry->ListExpected(request));
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::QueueLine& line : lines) messages.push_back(&line);
  invocation.PrintList(messages, QueueTable(lines));
  return kExitOk;
}

absl::StatusOr<int> RunDisclose(Invocation& invocation) {
  const std::string field = invocation.Text("--field");
  ASSIGN_OR_RETURN(const v1::Opening opening,
                   ReadSealed(invocation.Text("--opening"), field));
  const auto fill = [&](const std::string& number, v1::Command& command) {
    v1::DiscloseField& body = *command.mutable_disclose_field();
    body.set_application_no(number);
    body.set_field(field);
    *body.mutable_opening() = opening;
  };
  return ActOnOne(invocation, {ApplicationVersion(), fill},
                  {"申请号", invocation.words().front()});
}

}  // namespace

std::vector<CommandSpec> ApplicationExpectedCommands() {
  return {
      {.group = "application",
       .name = "expected",
       .summary = "待办 Says what is expected of whom until when, in working "
                  "days, the earliest first",
       .flags = {{.name = "--party",
                  .value = "NUMBER|USCC",
                  .help = "of this party; another one's is for officers"}},
       .examples = {"dataip application expected",
                    "dataip application expected --party P0000001 -o json"},
       .run = RunExpected},
      {.group = "application",
       .name = "disclose",
       .words = "NO",
       .word_count = {1, 1},
       .summary = "公开封存内容 Discloses a sealed value to everybody, for "
                  "good",
       .flags = {{.name = "--field",
                  .value = "PATH",
                  .help = "the sealed field, e.g. sources[0].method",
                  .required = true},
                 {.name = "--opening",
                  .value = "FILE",
                  .help = "what --sealed-file wrote when it was filed",
                  .required = true}},
       .examples = {"dataip application disclose 20240000001 --field "
                    "sources[0].method --opening sealed.json --key "
                    "enterprise.pem"},
       .run = RunDisclose}};
}

}  // namespace dataip::client
