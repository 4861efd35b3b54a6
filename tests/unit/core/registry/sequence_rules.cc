#include "tests/unit/core/registry/sequence_rules.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/canonical.h"
#include "tests/unit/core/registry/sequence_licences.h"

namespace dataip::testing {
namespace {

using registry::Due;
using registry::DueKind;
using registry::State;
using Lines = std::vector<std::string>;

template <typename List>
bool Holds(const List& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool IsOfficer(const State& state, const std::string& key,
               v1::OfficerRole role) {
  const auto* officer = registry::FindOfficer(state, key);
  return officer != nullptr &&
         std::count(officer->roles().begin(), officer->roles().end(), role) > 0;
}

// Kinds of commands that two officers decide, by name: not asked of Decide.
bool TakesTwo(const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kRefuseApplication:
    case v1::Command::kOpenNotice:
    case v1::Command::kOpenNotices:
    case v1::Command::kRegisterApplication:
    case v1::Command::kRegisterApplications:
    case v1::Command::kRejectObjection:
    case v1::Command::kUpholdObjection:
    case v1::Command::kDismissObjection:
    case v1::Command::kSuspendApplication:
    case v1::Command::kResumeApplication:
    case v1::Command::kRefuseRequest:
    case v1::Command::kGrantRequest:
    case v1::Command::kRevokeCertificate:
    case v1::Command::kDropRevocation:
    case v1::Command::kFreezeCertificate:
    case v1::Command::kReleaseFreeze:
    case v1::Command::kCorrectCertificate:
    case v1::Command::kImportCertificate:
      return true;
    default:
      return false;
  }
}

void CheckOfficers(const Accepted& done, Lines& out) {
  if (!TakesTwo(done.command)) return;
  const bool two = done.by.size() == 2 && done.by[0] != done.by[1] &&
                   IsOfficer(done.before, done.by[0], v1::EXAMINER) &&
                   IsOfficer(done.before, done.by[1], v1::APPROVER);
  if (!two) out.push_back("decided without two officers");
}

void CheckLater(const v1::Deadline& before, const v1::Deadline& after,
                const std::string& number, Lines& out) {
  if (before.due_date().empty() || after.due_date().empty()) return;
  if (after.due_date() < before.due_date()) {
    out.push_back(absl::StrCat(before.rule(), " of ", number, " was cut from ",
                               before.due_date(), " to ", after.due_date()));
  }
}

void CheckDeadlines(const Accepted& done, Lines& out) {
  for (const auto& [number, now] : done.after.applications) {
    const auto* was = registry::FindApplication(done.before, number);
    if (was == nullptr) continue;
    if (was->correction_requested_at_ms() == now.correction_requested_at_ms()) {
      CheckLater(was->correction_deadline(), now.correction_deadline(), number,
                 out);
    }
    CheckLater(was->notice_deadline(), now.notice_deadline(), number, out);
    if (was->state() == now.state()) {
      CheckLater(was->review_deadline(), now.review_deadline(), number, out);
      CheckLater(was->issue_deadline(), now.issue_deadline(), number, out);
    }
  }
  for (const auto& [number, now] : done.after.objections) {
    const auto* was = registry::FindObjection(done.before, number);
    if (was == nullptr) continue;
    CheckLater(was->forward_deadline(), now.forward_deadline(), number, out);
    CheckLater(was->reply_deadline(), now.reply_deadline(), number, out);
    CheckLater(was->proceedings_deadline(), now.proceedings_deadline(), number,
               out);
  }
  for (const auto& [number, now] : done.after.revocations) {
    const auto* was = registry::FindRevocation(done.before, number);
    if (was == nullptr) continue;
    CheckLater(was->hearing_deadline(), now.hearing_deadline(), number, out);
  }
  for (const auto& [number, now] : done.after.certificates) {
    const auto old = done.after.certificates.find(now.content().replaces());
    if (old == done.after.certificates.end()) continue;
    if (now.content().valid_to() < old->second.content().valid_to()) {
      out.push_back(absl::StrCat("the term of ", number, " was cut"));
    }
  }
}

template <typename Map>
void CheckKept(const Map& before, const Map& after, Lines& out) {
  for (const auto& [number, now] : after) {
    const auto was = before.find(number);
    if (was == before.end()) continue;
    if (was->second.profile().sha256() != now.profile().sha256()) {
      out.push_back(absl::StrCat(number, " is ruled by another profile"));
    }
  }
}

// To its end a case keeps the profile under which it began.
void CheckProfiles(const Accepted& done, Lines& out) {
  CheckKept(done.before.applications, done.after.applications, out);
  CheckKept(done.before.certificates, done.after.certificates, out);
  CheckKept(done.before.requests, done.after.requests, out);
}

bool IsFrozen(const State& state, const v1::Certificate& sheet) {
  return std::any_of(
      state.freezes.begin(), state.freezes.end(), [&](const auto& one) {
        const auto frozen =
            state.certificates.find(one.second.certificate_number());
        return frozen != state.certificates.end() &&
               frozen->second.content().registration_number() ==
                   sheet.content().registration_number();
      });
}

bool IsAsked(const v1::CertificateRequest& request, const std::string& party) {
  return request.requester() == party || Holds(request.cosigned(), party);
}

// Transfers, pledges and cancellations.
void CheckGrant(const Accepted& done, const v1::CertificateRequest& request,
                Lines& out) {
  const v1::RequestBody& body = request.body();
  const auto& sheet = done.before.certificates.at(request.certificate_number());
  const bool parts_with = body.has_transfer() || body.has_cancellation();
  const bool changes = body.pledge().action() == v1::PledgeRequest::CHANGE;
  const bool pledges =
      changes || body.pledge().action() == v1::PledgeRequest::REGISTER;
  if (IsFrozen(done.before, sheet) && (parts_with || pledges)) {
    out.push_back(
        absl::StrCat(sheet.number(), " is frozen and was given away"));
  }
  for (const v1::Holder& one : sheet.content().holders()) {
    if (changes && !IsAsked(request, one.party_number())) {
      out.push_back(absl::StrCat("a pledge was changed without ",
                                 one.party_number(), ", who holds it"));
    }
  }
  if (!parts_with && !changes) return;
  for (const auto& [number, pledge] : done.before.pledges) {
    if (pledge.certificate_number() != sheet.number()) continue;
    if (body.has_cancellation()) {
      out.push_back(absl::StrCat("cancelled under pledge ", number));
    } else if (!IsAsked(request, pledge.pledgee())) {
      out.push_back(absl::StrCat("the pledgee of ", number, " was not asked"));
    }
  }
}

void CheckIssued(const Accepted& done, Lines& out) {
  bool registered = false;
  bool imported = false;
  for (const v1::Event& event : done.events) {
    registered = registered || event.has_application_registered();
    imported = imported || event.has_certificate_imported();
    if (event.has_request_granted()) {
      const auto* request = registry::FindRequest(
          done.before, event.request_granted().request_no());
      if (request != nullptr) CheckGrant(done, *request, out);
    }
  }
  for (const v1::Event& event : done.events) {
    if (!event.has_certificate_issued()) continue;
    const auto content = registry::ParseCanonical<v1::CertificateContent>(
        event.certificate_issued().content());
    if (!registered && !imported && content->replaces().empty()) {
      out.push_back(absl::StrCat(content->number(), " came of nothing"));
    }
  }
}

void CheckOneSheet(const State& state, Lines& out) {
  std::map<std::string, int> valid;
  for (const auto& [number, sheet] : state.certificates) {
    if (sheet.status().state() != v1::VALID) continue;
    if (++valid[sheet.content().registration_number()] > 1) {
      out.push_back(
          absl::StrCat("two certificates are valid for the "
                       "registration of ",
                       number));
    }
  }
}

void CheckPledges(const State& state, Lines& out) {
  std::map<std::string, std::set<uint32_t>> ranks;
  for (const auto& [number, pledge] : state.pledges) {
    if (!ranks[pledge.certificate_number()].insert(pledge.rank()).second) {
      out.push_back(absl::StrCat("rank of ", number, " is taken twice"));
    }
  }
  for (const auto& [number, sheet] : state.certificates) {
    if (sheet.status().state() != v1::VALID) continue;
    std::set<uint32_t> shown;
    size_t freezes = 0;
    size_t disputes = 0;
    for (const v1::Overlay& one : sheet.status().overlays()) {
      if (one.kind() == v1::PLEDGE) shown.insert(one.rank());
      freezes += one.kind() == v1::FREEZE ? 1 : 0;
      disputes += one.kind() == v1::DISPUTE ? 1 : 0;
    }
    const auto found = ranks.find(number);
    if (shown !=
        (found == ranks.end() ? std::set<uint32_t>() : found->second)) {
      out.push_back(absl::StrCat("pledges shown on ", number, " are others"));
    }
    if ((freezes > 0) != IsFrozen(state, sheet)) {
      out.push_back(absl::StrCat("freezes shown on ", number, " are others"));
    }
    if (disputes != (sheet.open_revocation().empty() ? 0u : 1u)) {
      out.push_back(absl::StrCat("dispute shown on ", number, " is another"));
    }
  }
}

bool IsOpen(v1::ObjectionState state) {
  return state == v1::OBJECTION_FILED || state == v1::OBJECTION_ACCEPTED ||
         state == v1::OBJECTION_FORWARDED || state == v1::OBJECTION_ANSWERED;
}

void CheckOpenLists(const State& state, Lines& out) {
  std::map<std::string, std::set<std::string>> open;
  for (const auto& [number, one] : state.objections) {
    if (IsOpen(one.state())) open[one.application_no()].insert(number);
  }
  for (const auto& [number, one] : state.applications) {
    const std::set<std::string> listed(one.open_objections().begin(),
                                       one.open_objections().end());
    if (listed != open[number]) {
      out.push_back(absl::StrCat("open objections of ", number, " differ"));
    }
  }
  open.clear();
  for (const auto& [number, one] : state.requests) {
    if (one.state() == v1::REQUEST_AWAITING_COSIGN ||
        one.state() == v1::REQUEST_UNDER_REVIEW) {
      open[one.certificate_number()].insert(number);
    }
  }
  for (const auto& [number, one] : state.certificates) {
    const std::set<std::string> listed(one.open_requests().begin(),
                                       one.open_requests().end());
    if (listed != open[number]) {
      out.push_back(absl::StrCat("open requests of ", number, " differ"));
    }
  }
}

bool WaitsForRenewal(const State& state, const std::string& certificate) {
  return std::any_of(state.requests.begin(), state.requests.end(),
                     [&](const auto& one) {
                       const v1::CertificateRequest& request = one.second;
                       return request.certificate_number() == certificate &&
                              request.body().has_renewal() &&
                              (request.state() == v1::REQUEST_AWAITING_COSIGN ||
                               request.state() == v1::REQUEST_UNDER_REVIEW);
                     });
}

// From dates alone; neither profile has a grace.
std::set<Due> WhatRuns(const State& state) {
  std::set<Due> due;
  const auto add = [&](const std::string& day, DueKind kind,
                       const std::string& key) {
    const auto date = registry::ParseDate(day);
    if (date) due.insert({registry::EndOfDayMs(*date), kind, key});
  };
  for (const auto& [number, one] : state.applications) {
    if (one.state() != v1::CORRECTION_REQUIRED) continue;
    add(one.correction_deadline().due_date(), DueKind::kCorrection, number);
  }
  for (const auto& [number, one] : state.objections) {
    const auto* application =
        registry::FindApplication(state, one.application_no());
    if (one.state() != v1::OBJECTION_FORWARDED ||
        application->state() == v1::SUSPENDED) {
      continue;
    }
    add(one.reply_deadline().due_date(), DueKind::kReply, number);
  }
  for (const auto& [number, one] : state.freezes) {
    add(one.until(), DueKind::kFreeze, number);
  }
  for (const auto& [number, one] : state.licences) {
    const v1::Licence& licence = one.licence;
    if (state.licence_overlays.count(number) == 0) continue;
    add(licence.ended_on().empty() ? licence.valid_to() : licence.ended_on(),
        DueKind::kLicence, number);
  }
  for (const auto& [number, one] : state.certificates) {
    if (one.status().state() != v1::VALID || WaitsForRenewal(state, number)) {
      continue;
    }
    add(one.content().valid_to(), DueKind::kExpiry, number);
  }
  return due;
}

void CheckDue(const State& state, Lines& out) {
  const std::set<Due> runs = WhatRuns(state);
  for (const Due& one : state.due) {
    if (runs.count(one) == 0) {
      out.push_back(absl::StrCat("the clock is to end ", NameEn(one.kind),
                                 " of ", one.key, ", which does not run"));
    }
  }
  for (const Due& one : runs) {
    if (state.due.count(one) == 0) {
      out.push_back(absl::StrCat("the clock forgot the ", NameEn(one.kind),
                                 " of ", one.key));
    }
  }
}

}  // namespace

Lines BrokenByCommand(const Accepted& accepted) {
  Lines out;
  CheckOfficers(accepted, out);
  CheckDeadlines(accepted, out);
  CheckProfiles(accepted, out);
  CheckIssued(accepted, out);
  return out;
}

Lines BrokenInState(const State& state) {
  Lines out;
  CheckOneSheet(state, out);
  CheckPledges(state, out);
  for (std::string& line : BrokenInLicences(state)) {
    out.push_back(std::move(line));
  }
  CheckOpenLists(state, out);
  CheckDue(state, out);
  return out;
}

}  // namespace dataip::testing
