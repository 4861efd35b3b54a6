// `dataip certificate`: its state on a day, what lies on it, and what ends
// soon.
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/application_view.h"
#include "client/cli/certificate_standing.h"
#include "client/cli/certificate_view.h"
#include "client/cli/commands.h"
#include "client/cli/labels.h"
#include "client/cli/object_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/registry/values/civil_date.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// A day before this registry has a record of the sheet. One that an older
// system issued had a life before, of which nothing is known here.
void AppendUnrecorded(const v1::CertificateContent& content,
                      const std::string& day, Record& record) {
  const bool older = !content.legacy_numbers().empty();
  if (!older || day < content.valid_from()) {
    record.push_back({"状态", "当日尚未颁发"});
    return;
  }
  record.push_back(
      {"状态",
       "由旧系统颁发，本登记机构在其转入之前没有记录，不能说明当日状态 (issued "
       "by an older system; this registry has no record of days before its "
       "import)"});
  record.push_back({"原编号", absl::StrJoin(content.legacy_numbers(), "、")});
  record.push_back({"证书所载有效期", absl::StrCat(content.valid_from(), " 至 ",
                                                   content.valid_to())});
}

absl::StatusOr<int> RunAsOf(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response,
                   registry->GetStatusOn(invocation.words().front(),
                                         invocation.Text("--on")));
  const v1::StatusOn& then = response.status();
  Record record = {{"所问之日", then.day()}};
  if (then.state() == v1::CERTIFICATE_STATE_UNSPECIFIED) {
    ASSIGN_OR_RETURN(const auto found,
                     registry->GetCertificate(invocation.words().front()));
    AppendUnrecorded(found.certificate().content(), then.day(), record);
  } else {
    record.push_back({"证书编号", then.number()});
    ASSIGN_OR_RETURN(const auto found, registry->GetCertificate(then.number()));
    // A sheet that was renewed since is not read any more under its number.
    const bool waits =
        found.certificate().number() == then.number() &&
        WaitsForRenewal(then.state(), found.certificate().content().valid_to(),
                        then.day());
    record.push_back({"状态", StandingText(then.state(), waits)});
    record.push_back({"负担", OverlayText(then.status())});
    if (!then.status().replaced_by().empty()) {
      record.push_back({"后继证书", then.status().replaced_by()});
    }
    record.push_back({"当时状态记录", StatusText(then.status())});
  }
  invocation.PrintMessage(response, record);
  return kExitOk;
}

absl::StatusOr<int> RunExpiring(Invocation& invocation) {
  v1::ListExpiringRequest request;
  request.set_party(invocation.Text("--party"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  RETURN_IF_ERROR(CheckParty(*registry, request.party()));
  ASSIGN_OR_RETURN(const auto lines, registry->ListExpiring(request));
  Table table{{"证书编号", "名称", "到期日", "可续展自", "剩余天数", "状态"},
              {}};
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::ExpiringCertificate& line : lines) {
    messages.push_back(&line);
    table.rows.push_back({line.number(), line.name(), line.valid_to(),
                          line.renewable_from(), absl::StrCat(line.days_left()),
                          // The registry lists those that are over only when
                          // they wait.
                          StandingText(v1::VALID, line.days_left() < 0)});
  }
  invocation.PrintList(messages, table);
  return kExitOk;
}

template <typename List, typename TextOf>
std::string Blocks(const List& list, TextOf text_of) {
  std::vector<std::string> blocks;
  for (const auto& one : list) blocks.push_back(text_of(one));
  return blocks.empty() ? "无" : absl::StrJoin(blocks, "\n");
}

absl::StatusOr<int> RunEncumbrances(Invocation& invocation) {
  const std::string number =
      invocation.words().empty() ? "" : invocation.words().front();
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response, registry->GetEncumbrances(number));
  std::vector<std::string> revocations;
  if (!invocation.json()) {
    for (const v1::Revocation& one : response.revocations()) {
      ASSIGN_OR_RETURN(std::string block, RevocationBlock(*registry, one));
      revocations.push_back(std::move(block));
    }
  }
  invocation.PrintMessage(
      response,
      {{"质押", Blocks(response.pledges(), PledgeText)},
       {"冻结", Blocks(response.freezes(), FreezeText)},
       {"撤销案",
        revocations.empty() ? "无" : absl::StrJoin(revocations, "\n")}});
  for (const v1::Freeze& one : response.freezes()) {
    RETURN_IF_ERROR(DownloadFilesOf(invocation, one.freeze_no(), one));
  }
  for (const v1::Revocation& one : response.revocations()) {
    RETURN_IF_ERROR(DownloadFilesOf(invocation, one.revocation_no(), one));
  }
  return kExitOk;
}

}  // namespace

std::vector<CommandSpec> CertificateLifeCommands() {
  return {{.group = "certificate",
           .name = "as-of",
           .words = "NUMBER",
           .word_count = {1, 1},
           .summary = "某日状态 Says what the state was at the end of a day; "
                      "also by a registration's or an older number",
           .flags = {{.name = "--on",
                      .value = "DAY",
                      .help = "the day, YYYY-MM-DD",
                      .required = true}},
           .examples = {"dataip certificate as-of 20240733000000001 --on "
                        "2025-01-31"},
           .run = RunAsOf},
          {.group = "certificate",
           .name = "expiring",
           .summary = "即将到期 Lists certificates inside their renewal window",
           .flags = {{.name = "--party",
                      .value = "NUMBER|USCC",
                      .help = "only this holder's"}},
           .examples = {"dataip certificate expiring --party P0000001"},
           .run = RunExpiring},
          {.group = "certificate",
           .name = "encumbrances",
           .words = "[NUMBER]",
           .word_count = {0, 1},
           .summary = "质押冻结撤销 Shows pledges, freezes and revocations; of "
                      "all certificates to officers",
           .flags = {FilesFlag()},
           .examples = {"dataip certificate encumbrances 20240733000000001",
                        "dataip certificate encumbrances -o json"},
           .run = RunEncumbrances}};
}

}  // namespace dataip::client
