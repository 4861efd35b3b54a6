// `dataip certificate pledge|release-pledge` (C5).
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/certificate_words.h"
#include "client/cli/commands.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// The only one that the caller sees on the certificate.
absl::StatusOr<std::string> OnlyPledge(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto found,
                   registry->GetEncumbrances(invocation.words().front()));
  if (found.pledges_size() == 1) return found.pledges(0).pledge_no();
  return absl::InvalidArgumentError(absl::StrCat(
      "证书上有 ", found.pledges_size(),
      " 项质押，请以 --pledge 写明编号 (there are ", found.pledges_size(),
      " pledges on it; name one by --pledge)"));
}

// The pledge of this number on the certificate of the first word.
absl::StatusOr<v1::Pledge> FindPledge(Invocation& invocation,
                                      const std::string& number) {
  const std::string& certificate = invocation.words().front();
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto found, registry->GetEncumbrances(certificate));
  for (const v1::Pledge& one : found.pledges()) {
    if (one.pledge_no() == number) return one;
  }
  return absl::NotFoundError(absl::StrCat(
      "证书 ", certificate, " 上没有质押 ", number,
      "，请以 certificate encumbrances 核对编号 (there is no pledge ", number,
      " on this certificate; `certificate encumbrances` lists them)"));
}

// Who may not see the pledges cannot tell; the registry will.
absl::Status CheckPledge(Invocation& invocation, const std::string& number) {
  const auto found = FindPledge(invocation, number);
  return absl::IsPermissionDenied(found.status()) ? absl::OkStatus()
                                                  : found.status();
}

absl::Status SetAmount(const Invocation& invocation, v1::Money& amount) {
  ASSIGN_OR_RETURN(const uint64_t fen, invocation.Number("--amount-fen"));
  amount.set_currency("CNY");
  amount.set_fen(static_cast<int64_t>(fen));
  return absl::OkStatus();
}

// All terms are given to the registry: those without a flag stay.
absl::StatusOr<int> RunChangePledge(Invocation& invocation) {
  for (const char* flag : {"--pledgee", "--from"}) {
    if (!invocation.Has(flag)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        flag, " 不能变更，须注销后另行登记质押 (", flag,
        " cannot change: release the pledge and register another)"));
  }
  if (!invocation.Has("--amount-fen") && !invocation.Has("--to") &&
      !invocation.Has("--contract-no")) {
    return absl::InvalidArgumentError(
        "请至少写明一项要变更的内容 (name at least one term that changes)");
  }
  ASSIGN_OR_RETURN(const v1::Pledge present,
                   FindPledge(invocation, invocation.Text("--change")));
  v1::RequestBody body;
  v1::PledgeRequest& pledge = *body.mutable_pledge();
  pledge.set_action(v1::PledgeRequest::CHANGE);
  pledge.set_pledge_no(present.pledge_no());
  *pledge.mutable_amount() = present.amount();
  if (invocation.Has("--amount-fen")) {
    RETURN_IF_ERROR(SetAmount(invocation, *pledge.mutable_amount()));
  }
  pledge.set_valid_to(invocation.Has("--to") ? invocation.Text("--to")
                                             : present.valid_to());
  pledge.set_contract_no(invocation.Has("--contract-no")
                             ? invocation.Text("--contract-no")
                             : present.contract_no());
  pledge.set_salt(OverlaySalt());
  return Ask(invocation, body);
}

absl::StatusOr<int> RunPledge(Invocation& invocation) {
  if (invocation.Has("--change")) return RunChangePledge(invocation);
  for (const char* flag :
       {"--pledgee", "--amount-fen", "--from", "--to", "--contract-no"}) {
    if (invocation.Has(flag)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("缺少 ", flag, " (missing flag): ", flag));
  }
  v1::RequestBody body;
  v1::PledgeRequest& pledge = *body.mutable_pledge();
  pledge.set_action(v1::PledgeRequest::REGISTER);
  RETURN_IF_ERROR(SetAmount(invocation, *pledge.mutable_amount()));
  pledge.set_valid_from(invocation.Text("--from"));
  pledge.set_valid_to(invocation.Text("--to"));
  pledge.set_contract_no(invocation.Text("--contract-no"));
  pledge.set_salt(OverlaySalt());
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto pledgee,
                   registry->GetParty(invocation.Text("--pledgee")));
  pledge.set_pledgee(pledgee.party().party_number());
  return Ask(invocation, body);
}

absl::StatusOr<int> RunReleasePledge(Invocation& invocation) {
  v1::RequestBody body;
  v1::PledgeRequest& pledge = *body.mutable_pledge();
  pledge.set_action(v1::PledgeRequest::RELEASE);
  pledge.set_pledge_no(invocation.Text("--pledge"));
  if (!invocation.Has("--pledge")) {
    ASSIGN_OR_RETURN(*pledge.mutable_pledge_no(), OnlyPledge(invocation));
  } else {
    RETURN_IF_ERROR(CheckPledge(invocation, pledge.pledge_no()));
  }
  return Ask(invocation, body);
}

CommandSpec PledgeSpec() {
  CommandSpec spec = AskSpec(
      "pledge",
      "申请质押 Asks for a pledge, or for other terms of one; pledgor and "
      "pledgee consent",
      {{.name = "--pledgee",
        .value = "NUMBER|USCC",
        .help = "to whom; needed but with --change"},
       {.name = "--amount-fen",
        .value = "N",
        .help = "secured amount in fen; needed but with --change"},
       {.name = "--from",
        .value = "DAY",
        .help = "first day, YYYY-MM-DD; needed but with --change"},
       {.name = "--to",
        .value = "DAY",
        .help = "last day; needed but with --change"},
       {.name = "--contract-no",
        .value = "NO",
        .help = "number of the contract; needed but with --change"},
       {.name = "--change",
        .value = "G",
        .help = "the pledge whose amount, last day or contract change; those "
                "without a flag stay, and every pledgee consents"}},
      "dataip certificate pledge 20240733000000001 --pledgee "
      "91330382MA00006569 --amount-fen 50000000 --from 2024-08-01 --to "
      "2025-07-31 --contract-no ZY-2024-1 --key enterprise.pem",
      RunPledge);
  spec.examples.push_back(
      "dataip certificate pledge 20240733000000001 --change G20240000001 "
      "--amount-fen 60000000 --to 2026-07-31 --key enterprise.pem");
  return spec;
}

}  // namespace

std::vector<CommandSpec> CertificatePledgeCommands() {
  return {
      PledgeSpec(),
      AskSpec("release-pledge",
              "申请质押注销 Asks for the end of a pledge; the pledgee signs",
              {{.name = "--pledge",
                .value = "NO",
                .help = "which, G...; may be left out when there is one"}},
              "dataip certificate release-pledge 20240733000000001 --pledge "
              "G20240000001 --key bank.pem",
              RunReleasePledge)};
}

}  // namespace dataip::client
