// Reads of queues: what waits for officers, what is open for a party, and
// certificates that end soon.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/queue/queue.h"
#include "core/registry/state/context.h"
#include "core/registry/state/time_spent.h"
#include "services/common/error.h"
#include "services/registry/list_of.h"
#include "services/registry/reads.h"

namespace dataip::registryd {
namespace {

using registry::State;

constexpr char kNobody[] = "none";

v1::DueLight LightOf(registry::Light light) {
  switch (light) {
    case registry::Light::kNone:
      return v1::DUE_LIGHT_UNSPECIFIED;
    case registry::Light::kGreen:
      return v1::DUE_GREEN;
    case registry::Light::kYellow:
      return v1::DUE_YELLOW;
    case registry::Light::kRed:
      return v1::DUE_RED;
  }
  return v1::DUE_LIGHT_UNSPECIFIED;
}

v1::QueueStep StepOf(registry::Step step) {
  switch (step) {
    case registry::Step::kCosign:
      return v1::STEP_COSIGN;
    case registry::Step::kReview:
      return v1::STEP_REVIEW;
    case registry::Step::kCorrect:
      return v1::STEP_CORRECT;
    case registry::Step::kNotice:
      return v1::STEP_NOTICE;
    case registry::Step::kRegister:
      return v1::STEP_REGISTER;
    case registry::Step::kCheckObjection:
      return v1::STEP_CHECK_OBJECTION;
    case registry::Step::kForwardObjection:
      return v1::STEP_FORWARD_OBJECTION;
    case registry::Step::kAnswerObjection:
      return v1::STEP_ANSWER_OBJECTION;
    case registry::Step::kDecideObjection:
      return v1::STEP_DECIDE_OBJECTION;
    case registry::Step::kProceedings:
      return v1::STEP_PROCEEDINGS;
    case registry::Step::kConsent:
      return v1::STEP_CONSENT;
    case registry::Step::kDecideRequest:
      return v1::STEP_DECIDE_REQUEST;
    case registry::Step::kBeHeard:
      return v1::STEP_BE_HEARD;
    case registry::Step::kDecideRevocation:
      return v1::STEP_DECIDE_REVOCATION;
    case registry::Step::kConfirmLicence:
      return v1::STEP_CONFIRM_LICENCE;
  }
  return v1::QUEUE_STEP_UNSPECIFIED;
}

// Where a line stands in its list: compares as the list is ordered. Numbers
// and days hold no zero byte.
std::string PlaceOf(const registry::QueueLine& line) {
  const char zero[] = {'\0'};
  const absl::string_view end(zero, 1);
  return absl::StrCat(line.until.due_date.empty() ? "1" : "0",
                      line.until.due_date, end, line.case_no, end,
                      line.object_no);
}

std::string PlaceOf(const registry::ExpiringCertificate& line) {
  return absl::StrCat(registry::FormatDate(line.valid_to), "/", line.number);
}

std::string NameOf(const State& state, const registry::QueueLine& line) {
  if (const auto* application =
          registry::FindApplication(state, line.case_no)) {
    return application->form().name();
  }
  if (const auto* certificate =
          registry::FindCertificate(state, line.case_no)) {
    return certificate->content().name();
  }
  const auto* draft = registry::FindDraft(state, line.object_no);
  return draft == nullptr ? "" : draft->form().name();
}

v1::QueueLine MessageOf(const State& state, registry::QueueLine line,
                        int64_t now_ms) {
  v1::QueueLine message;
  message.set_name(NameOf(state, line));
  if (const auto* application =
          registry::FindApplication(state, line.case_no)) {
    const auto spent = registry::TimeSpentOn(state, *application, now_ms);
    message.set_staff_time_ms(spent.staff_ms);
    message.set_applicant_time_ms(spent.applicant_ms);
    message.set_waiting_time_ms(spent.waiting_ms);
  }
  message.set_object_no(std::move(line.object_no));
  message.set_case_no(std::move(line.case_no));
  message.set_state(line.state);
  message.set_step(StepOf(line.step));
  message.set_due_date(std::move(line.until.due_date));
  message.set_working_days_left(line.until.working_days_left);
  message.set_light(LightOf(line.until.light));
  message.set_claimed_by(std::move(line.claimed_by));
  for (std::string& party : line.parties) {
    message.add_parties(std::move(party));
  }
  return message;
}

// One page of lines that are ordered by their places.
template <typename Line>
struct Page {
  size_t begin = 0;
  size_t end = 0;
  std::string last;  // place of the last line; empty at the list's end
};

template <typename Line>
Page<Line> PageOf(const std::vector<Line>& lines, const std::string& after,
                  size_t size) {
  Page<Line> page;
  page.begin = static_cast<size_t>(
      std::find_if(lines.begin(), lines.end(),
                   [&](const Line& line) { return after < PlaceOf(line); }) -
      lines.begin());
  page.end = std::min(lines.size(), page.begin + size);
  if (page.end < lines.size()) page.last = PlaceOf(lines[page.end - 1]);
  return page;
}

uint32_t CountOf(const std::vector<registry::QueueLine>& lines,
                 registry::Light light) {
  return static_cast<uint32_t>(std::count_if(
      lines.begin(), lines.end(),
      [light](const auto& line) { return line.until.light == light; }));
}

// A dismissed agent sees no more what it filed. Of an application in which it
// has no part an objector sees the line of its objection.
bool IsHidden(const Caller& party, const State& state,
              const registry::QueueLine& line) {
  const auto* objection = registry::FindObjection(state, line.object_no);
  if (objection != nullptr &&
      StandsFor(party, state, objection->objector(),
                MatterOf(state, line.object_no, objection->objector()))) {
    return false;
  }
  const auto* application = registry::FindApplication(state, line.case_no);
  return application != nullptr && !SeesApplication(party, state, *application);
}

// Whose list: the caller's own, or for officers that of any party.
absl::StatusOr<std::string> ExpectedParty(const Caller& caller,
                                          const State& state,
                                          const std::string& asked) {
  const bool all = SeesAll(caller, state);
  if (asked.empty() && all) {
    return services::InvalidField(
        "party", {"officers have a queue; name a party to see its list",
                  "登记机构请查看审查队列，或指定一个主体"});
  }
  const std::string wanted = asked.empty() ? caller.actor.value_or("") : asked;
  const v1::Party* party = registry::FindPartyByAny(state, wanted);
  if (!all && (party == nullptr || !IsParty(caller, party->party_number()))) {
    return NotForThisReader(
        {"what is expected of a party is for itself and for officers",
         "待办事项仅主体本人与登记机构可以查看"});
  }
  if (party == nullptr) return NoSuch("party", "主体", wanted);
  return party->party_number();
}

}  // namespace

absl::StatusOr<v1::ListQueueResponse> Reads::List(
    const Caller& caller, const v1::ListQueueRequest& request) const {
  const std::string filter = FilterOf(request);
  ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   parts_.tokens.Read(filter, request.page_token()));
  const std::string& claimed_by = request.claimed_by();
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::ListQueueResponse> {
        if (!SeesAll(caller, state)) {
          return NotForThisReader(
              {"the queue is for officers; ask for what is expected of you",
               "审查队列仅登记机构可以查看，请查看您的待办事项"});
        }
        if (!claimed_by.empty() && claimed_by != kNobody &&
            registry::FindOfficer(state, claimed_by) == nullptr) {
          return services::InvalidField(
              "claimed_by", {"an officer, `officers/<id>`, or `none`",
                             "应为 officers/<编号> 或 none"});
        }
        const int64_t now = registry::DecisionTimeMs(state, {}, caller.now_ms);
        auto lines = registry::OfficerQueue(state, now);
        if (!claimed_by.empty()) {
          const std::string wanted = claimed_by == kNobody ? "" : claimed_by;
          std::erase_if(lines, [&](const registry::QueueLine& line) {
            return line.claimed_by != wanted;
          });
        }
        v1::ListQueueResponse response;
        response.set_total(static_cast<uint32_t>(lines.size()));
        response.set_yellow(CountOf(lines, registry::Light::kYellow));
        response.set_red(CountOf(lines, registry::Light::kRed));
        const auto page = PageOf(lines, after, size);
        for (size_t i = page.begin; i < page.end; ++i) {
          *response.add_lines() = MessageOf(state, std::move(lines[i]), now);
        }
        if (!page.last.empty()) {
          response.set_next_page_token(parts_.tokens.Make(filter, page.last));
        }
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

absl::StatusOr<v1::ListExpectedResponse> Reads::List(
    const Caller& caller, const v1::ListExpectedRequest& request) const {
  // A token of one caller is none of another's.
  const std::string filter = absl::StrCat(
      FilterOf(request), "|",
      request.party().empty() && caller.actor.has_value() ? *caller.actor : "");
  ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   parts_.tokens.Read(filter, request.page_token()));
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::ListExpectedResponse> {
        ASSIGN_OR_RETURN(const std::string number,
                         ExpectedParty(caller, state, request.party()));
        const int64_t now = registry::DecisionTimeMs(state, {}, caller.now_ms);
        const Caller party{number, caller.now_ms};
        auto lines = registry::ExpectedOf(state, number, now);
        std::erase_if(lines, [&](const registry::QueueLine& line) {
          return IsHidden(party, state, line);
        });
        v1::ListExpectedResponse response;
        response.set_total(static_cast<uint32_t>(lines.size()));
        const auto page = PageOf(lines, after, size);
        for (size_t i = page.begin; i < page.end; ++i) {
          *response.add_lines() = MessageOf(state, std::move(lines[i]), now);
          response.mutable_lines()->rbegin()->clear_claimed_by();
        }
        if (!page.last.empty()) {
          response.set_next_page_token(parts_.tokens.Make(filter, page.last));
        }
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

absl::StatusOr<v1::ListExpiringResponse> Reads::List(
    const Caller& caller, const v1::ListExpiringRequest& request) const {
  const std::string filter = FilterOf(request);
  ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   parts_.tokens.Read(filter, request.page_token()));
  v1::ListExpiringResponse response;
  parts_.acknowledged.WithIndex([&](const State& state, uint64_t last_index) {
    const auto lines = registry::ExpiringCertificates(
        state, NumberOf(state, request.party()), TodayOf(state, caller.now_ms));
    response.set_total(static_cast<uint32_t>(lines.size()));
    const auto page = PageOf(lines, after, size);
    for (size_t i = page.begin; i < page.end; ++i) {
      v1::ExpiringCertificate& line = *response.add_certificates();
      line.set_number(lines[i].number);
      const auto* certificate =
          registry::FindCertificate(state, lines[i].number);
      if (certificate != nullptr) line.set_name(certificate->content().name());
      line.set_valid_to(registry::FormatDate(lines[i].valid_to));
      line.set_renewable_from(registry::FormatDate(lines[i].renewable_from));
      line.set_days_left(static_cast<int32_t>(lines[i].days_left));
    }
    if (!page.last.empty()) {
      response.set_next_page_token(parts_.tokens.Make(filter, page.last));
    }
    *response.mutable_position() = PositionAt(last_index);
  });
  return response;
}

}  // namespace dataip::registryd
