// Decisions that no rule allows, recorded as if one did.
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "tests/support/forge_edits.h"

namespace dataip::test {
namespace {

using Kind = v1::Command;

constexpr int64_t kDayMs = 24 * 3'600'000;

// A notice that was over long ago.
void EndNotice(registry::State& state, const std::string& application_no) {
  v1::Application& application = state.applications[application_no];
  application.set_state(v1::PUBLICITY);
  application.mutable_notice_deadline()->set_due_date("2000-01-03");
}

v1::Command RegisterCommand(const v1::Command& like,
                            const std::string& application_no) {
  v1::Command command;
  command.set_actor(like.actor());
  command.mutable_register_application()->set_application_no(application_no);
  return command;
}

// An application in its notice before entry `index`; empty when none is.
std::string InNotice(const registry::State& state) {
  for (const auto& [number, application] : state.applications) {
    if (application.state() == v1::PUBLICITY) return number;
  }
  return "";
}

// Index of the first entry of a kind; the size when there is none.
uint64_t FirstOf(const Forger& forger, v1::Command::BodyCase kind) {
  uint64_t i = 0;
  while (i < forger.size() && forger.KindOf(i) != kind) ++i;
  return i;
}

v1::Command ClockCommand(const Forger& forger, int64_t now_ms, int64_t to_ms) {
  v1::Command command;
  forger.Refresh(command, now_ms);
  command.set_actor(registry::kRootActor);
  *command.mutable_advance_clock()->mutable_to() = registry::FromUnixMs(to_ms);
  return command;
}

// The instant a day before the notice is over.
int64_t DayEarlyMs(const v1::Application& application) {
  return registry::DueInstantMs(application.notice_deadline()) - kDayMs;
}

// Entry index - 1 moves the clock over the end of a notice.
bool FitsEarlyClose(const Forger& forger, uint64_t index) {
  if (index == 0 || forger.KindOf(index - 1) != Kind::kAdvanceClock) {
    return false;
  }
  const registry::State state = forger.StateBefore(index - 1);
  const std::string number = InNotice(state);
  return !number.empty() &&
         DayEarlyMs(state.applications.at(number)) > state.clock_ms;
}

// The clock is moved to a day before the end, the registration recorded, and
// then the clock moved on to where it went.
absl::Status CloseNoticeEarly(Forger& forger, uint64_t index) {
  const registry::State before = forger.StateBefore(index - 1);
  const std::string number = InNotice(before);
  const int64_t early_ms = DayEarlyMs(before.applications.at(number));
  const v1::Command clock = forger.CommandAt(index - 1);
  const auto root = forger.SignersAt(index - 1);
  ASSIGN_OR_RETURN(
      const v1::Transition to_early,
      forger.Forge({before, ClockCommand(forger, before.clock_ms, early_ms),
                    root, before.clock_ms}));
  forger.Put(index - 1, to_early);
  registry::State state = forger.StateBefore(index);
  const uint64_t notice = FirstOf(forger, Kind::kOpenNotice);
  v1::Command command = RegisterCommand(forger.CommandAt(notice), number);
  command.set_version(state.applications.at(number).version());
  forger.Refresh(command, early_ms);
  EndNotice(state, number);
  ASSIGN_OR_RETURN(
      const v1::Transition registered,
      forger.Forge({state, command, forger.SignersAt(notice), early_ms}));
  forger.Insert(index, registered);
  const int64_t to_ms =
      registry::ToUnixMs(clock.advance_clock().to()).value_or(0);
  ASSIGN_OR_RETURN(
      const v1::Transition onwards,
      forger.Forge({forger.StateBefore(index + 1),
                    ClockCommand(forger, early_ms, to_ms), root, early_ms}));
  forger.Insert(index + 1, onwards);
  return absl::OkStatus();
}

bool OfTwoOfficers(const Forger& forger, uint64_t index) {
  const auto kind = forger.KindOf(index);
  return kind == Kind::kOpenNotice || kind == Kind::kRegisterApplication ||
         kind == Kind::kRefuseApplication;
}

absl::Status RegisterWithoutNotice(Forger& forger, uint64_t index) {
  const v1::Command notice = forger.CommandAt(index);
  const std::string number = notice.open_notice().application_no();
  registry::State state = forger.StateBefore(index);
  v1::Command command = RegisterCommand(notice, number);
  command.set_version(notice.version());
  forger.Refresh(command, forger.DecidedAtMs(index));
  EndNotice(state, number);
  ASSIGN_OR_RETURN(const v1::Transition transition,
                   forger.Forge({state, command, forger.SignersAt(index),
                                 forger.DecidedAtMs(index)}));
  forger.Put(index, transition);
  return absl::OkStatus();
}

// The notice of this registration's application; the size without one.
uint64_t NoticeOf(const Forger& forger, uint64_t index) {
  const std::string number =
      forger.CommandAt(index).register_application().application_no();
  for (uint64_t i = 0; i < index; ++i) {
    if (forger.KindOf(i) != Kind::kOpenNotice) continue;
    if (forger.CommandAt(i).open_notice().application_no() == number) return i;
  }
  return forger.size();
}

bool FitsRefused(const Forger& forger, uint64_t index) {
  return forger.KindOf(index) == Kind::kRegisterApplication &&
         NoticeOf(forger, index) < index;
}

// A true refusal takes the place of the notice; the registration stays.
absl::Status RegisterRefused(Forger& forger, uint64_t index) {
  const uint64_t notice = NoticeOf(forger, index);
  v1::Command command = forger.CommandAt(notice);
  const std::string number = command.open_notice().application_no();
  v1::RefuseApplication* refusal = command.mutable_refuse_application();
  refusal->set_application_no(number);
  refusal->add_grounds("R03");
  refusal->set_reason("原始数据，未经加工");
  const int64_t refused_at_ms = forger.DecidedAtMs(notice);
  ASSIGN_OR_RETURN(const v1::Transition refused,
                   forger.Forge({forger.StateBefore(notice), command,
                                 forger.SignersAt(notice), refused_at_ms}));
  forger.Put(notice, refused);
  registry::State state = forger.StateBefore(index);
  v1::Command again = forger.CommandAt(index);
  again.set_version(state.applications.at(number).version());
  EndNotice(state, number);
  ASSIGN_OR_RETURN(const v1::Transition registered,
                   forger.Forge({state, again, forger.SignersAt(index),
                                 forger.DecidedAtMs(index)}));
  forger.Put(index, registered);
  return absl::OkStatus();
}

absl::Status OverlapLicence(Forger& forger, uint64_t index) {
  v1::Command command = forger.CommandAt(index - 1);
  registry::State state = forger.StateBefore(index);
  const int64_t decided_at_ms = forger.DecidedAtMs(index - 1);
  v1::FileLicence* body = command.mutable_file_licence();
  body->set_kind(v1::EXCLUSIVE);
  body->set_salt(crypto::RandomBytes(hash::kHashBytes));
  command.set_version(
      state.certificates.at(body->certificate_number()).status().version());
  forger.Refresh(command, decided_at_ms);
  state.licences_of.erase(body->certificate_number());
  ASSIGN_OR_RETURN(const v1::Transition transition,
                   forger.Forge({state, command, forger.SignersAt(index - 1),
                                 decided_at_ms}));
  forger.Insert(index, transition);
  return absl::OkStatus();
}

// The command names a version that was never there, and is signed.
absl::Status SkipVersion(Forger& forger, uint64_t index) {
  registry::State state = forger.StateBefore(index);
  v1::Command command = forger.CommandAt(index);
  command.set_version(command.version() + 1);
  const std::string number = command.open_notice().application_no();
  state.applications[number].set_version(command.version());
  ASSIGN_OR_RETURN(const v1::Transition transition,
                   forger.Forge({state, command, forger.SignersAt(index),
                                 forger.DecidedAtMs(index)}));
  forger.Put(index, transition);
  return absl::OkStatus();
}

absl::Status SkipChecklist(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  v1::Command command = forger.CommandAt(index);
  ASSIGN_OR_RETURN(
      v1::Transition forged,
      forger.Forge({forger.StateBefore(index), command, forger.SignersAt(index),
                    forger.DecidedAtMs(index)}));
  command.mutable_open_notice()->clear_checklist();
  ASSIGN_OR_RETURN(*forged.mutable_command(),
                   forger.Sign(command, forger.SignersAt(index)));
  forger.Put(index, forged);
  return absl::OkStatus();
}

absl::Status ReplayCommand(Forger& forger, uint64_t index) {
  forger.Insert(index, forger.TransitionAt(index - 1));
  return absl::OkStatus();
}

absl::Status UseExpired(Forger& forger, uint64_t index) {
  const int64_t decided_at_ms = forger.DecidedAtMs(index);
  v1::Transition transition = forger.TransitionAt(index);
  v1::Command command = forger.CommandAt(index);
  *command.mutable_issued_at() =
      registry::FromUnixMs(decided_at_ms - 2 * kDayMs);
  *command.mutable_expires_at() =
      registry::FromUnixMs(decided_at_ms - 2 * kDayMs + 3'600'000);
  ASSIGN_OR_RETURN(*transition.mutable_command(),
                   forger.Sign(command, forger.SignersAt(index)));
  forger.Put(index, transition);
  return absl::OkStatus();
}

auto IsKind(v1::Command::BodyCase kind) {
  return [kind](const Forger& forger, uint64_t index) {
    return forger.KindOf(index) == kind;
  };
}

auto FollowsKind(v1::Command::BodyCase kind) {
  return [kind](const Forger& forger, uint64_t index) {
    return index > 0 && forger.KindOf(index - 1) == kind;
  };
}

}  // namespace

absl::Status LeaveOneOfficer(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  const registry::State state = forger.StateBefore(index);
  const std::string actor = forger.CommandAt(index).actor();
  auto* signatures = transition.mutable_command()->mutable_signatures();
  for (int i = signatures->size() - 1; i >= 0; --i) {
    if (state.keys.at(signatures->Get(i).key_id()).actor != actor) {
      signatures->DeleteSubrange(i, 1);
    }
  }
  forger.Put(index, transition);
  return absl::OkStatus();
}

std::vector<NamedEdit> RuleEdits() {
  return {
      {"notice-closed-early", "T14", "公示提前一天结束并登记",
       "notice closed a day early", FitsEarlyClose, CloseNoticeEarly},
      {"one-officer-alone", "TWO_OFFICERS", "只有一名工作人员签名",
       "one officer alone", OfTwoOfficers, LeaveOneOfficer},
      {"certificate-without-notice", "T14", "未经公示即发证",
       "certificate without notice", IsKind(Kind::kOpenNotice),
       RegisterWithoutNotice},
      {"refused-registered", "T14", "不予登记的申请被登记",
       "refused application registered", FitsRefused, RegisterRefused},
      {"licence-overlap", "C4", "与独占许可重叠的许可", "licence overlap",
       FollowsKind(Kind::kFileLicence), OverlapLicence},
      {"version-skipped", "VERSION", "命令所写版本从未存在",
       "command about a version that was never there",
       IsKind(Kind::kOpenNotice), SkipVersion},
      {"checklist-skipped", "T7", "审查清单未完成即公示",
       "notice without the checklist", IsKind(Kind::kOpenNotice),
       SkipChecklist},
      {"command-replayed", "COMMAND_ID", "同一命令记入两次",
       "one command recorded twice", FollowsKind(Kind::kOpenNotice),
       ReplayCommand},
      {"command-expired", "WINDOW", "已过期的命令", "a command that expired",
       IsKind(Kind::kOpenNotice), UseExpired},
  };
}

}  // namespace dataip::test
