// Applications, drafts, agents, objections, batches, profiles and calendars
// against their rules.
#include "absl/strings/str_cat.h"
#include "core/registry/state/profiles.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "tests/support/forge_edits.h"
#include "tests/support/forge_lies.h"

namespace dataip::test {
namespace {

using Kind = v1::Command;
using registry::State;

constexpr char kLongAgo[] = "2000-01-03";
constexpr char kFarAway[] = "2099-12-31";

// The day before, for a deadline that is recorded too short.
std::string DayBefore(const std::string& day) {
  return registry::FormatDate(registry::AddDays(*registry::ParseDate(day), -1));
}

void Shorten(v1::Deadline& deadline) {
  deadline.set_due_date(DayBefore(deadline.due_date()));
}

const v1::Application* InState(const State& state,
                               v1::ApplicationState wanted) {
  return FirstIn(state.applications, [&](const v1::Application& one) {
    return one.state() == wanted;
  });
}

// One whose notice is over, and that is not registered yet.
const v1::Application* PastNotice(const State& state) {
  const std::string today = Today(state);
  return FirstIn(state.applications, [&](const v1::Application& one) {
    return one.state() == v1::PUBLICITY &&
           one.notice_deadline().due_date() < today;
  });
}

const std::string& PrimaryOf(const v1::Application& application) {
  return application.form().applicants(0).party_number();
}

v1::Command FileObjectionLate(Forger&, uint64_t, State& state) {
  const v1::Application application = *PastNotice(state);
  const auto* objector = FirstIn(state.parties, [&](const v1::Party& one) {
    return one.party_number() != PrimaryOf(application);
  });
  v1::Command command;
  command.set_actor(objector->party_number());
  v1::FileObjection* body = command.mutable_file_objection();
  body->set_application_no(application.application_no());
  body->mutable_claim()->set_right(v1::RIGHT_OWNERSHIP);
  body->mutable_claim()->add_fields("sources");
  body->mutable_claim()->set_statement("该数据来自本单位的设备,未经授权。");
  v1::FileCommitment* evidence = body->mutable_claim()->add_evidence();
  *evidence = application.form().sample().file();
  evidence->set_kind("evidence");
  state.applications[application.application_no()]
      .mutable_notice_deadline()
      ->set_due_date(kFarAway);
  return command;
}

bool HasOpenForwarded(const State& state) {
  return FirstIn(state.objections, [](const v1::Objection& one) {
           return one.state() == v1::OBJECTION_FORWARDED;
         }) != nullptr;
}

v1::Command DefaultEarly(Forger&, uint64_t, State& state) {
  const auto* open = FirstIn(state.objections, [](const v1::Objection& one) {
    return one.state() == v1::OBJECTION_FORWARDED;
  });
  v1::Command command;
  command.set_actor(registry::kClockActor);
  command.set_version(open->version());
  command.mutable_close_unanswered_objection()->set_objection_no(
      open->objection_no());
  state.objections[open->objection_no()].mutable_reply_deadline()->set_due_date(
      kLongAgo);
  return command;
}

// The application that is `from`, as if its notice had ended in peace.
Liar RegisterFrom(v1::ApplicationState from) {
  return [from](Forger&, uint64_t, State& state) {
    const std::string number = InState(state, from)->application_no();
    v1::Application& application = state.applications[number];
    v1::Command command;
    command.set_actor(ExaminerOf(state));
    command.set_version(application.version());
    command.mutable_register_application()->set_application_no(number);
    application.set_state(v1::PUBLICITY);
    application.clear_open_objections();
    for (auto& [no, objection] : state.objections) {
      objection.mutable_proceedings_deadline()->set_due_date(kLongAgo);
    }
    application.mutable_notice_deadline()->set_due_date(kLongAgo);
    return command;
  };
}

Fits AfterInState(v1::Command::BodyCase kind, v1::ApplicationState wanted) {
  return When(After(kind), [wanted](const State& state) {
    return InState(state, wanted) != nullptr;
  });
}

// The command's agent withdraws what it was never empowered to.
v1::Command ActBeyondPower(Forger&, uint64_t, State& state) {
  const v1::PowerOfAttorney power = state.attorneys.rbegin()->second;
  const auto* application =
      FirstIn(state.applications, [&](const v1::Application& one) {
        return one.state() == v1::UNDER_REVIEW &&
               PrimaryOf(one) == power.principal();
      });
  v1::Command command;
  command.set_actor(power.agent());
  command.set_version(application->version());
  command.mutable_withdraw_application()->set_application_no(
      application->application_no());
  state.attorneys[power.attorney_no()].add_acts(v1::ACT_WITHDRAW);
  return command;
}

bool MayOverstep(const State& state) {
  if (state.attorneys.empty()) return false;
  const v1::PowerOfAttorney& power = state.attorneys.rbegin()->second;
  for (const int act : power.acts()) {
    if (act == v1::ACT_WITHDRAW) return false;
  }
  return FirstIn(state.applications, [&](const v1::Application& one) {
           return one.state() == v1::UNDER_REVIEW &&
                  PrimaryOf(one) == power.principal();
         }) != nullptr;
}

const v1::PowerOfAttorney* OverPower(const State& state) {
  const std::string today = Today(state);
  return FirstIn(state.attorneys, [&](const v1::PowerOfAttorney& one) {
    return one.valid_to() < today && one.revoked_on().empty() &&
           one.objects().empty() && one.acts(0) == v1::ACT_FILE;
  });
}

const v1::Application* PlainFormOf(const State& state,
                                   const std::string& party) {
  return FirstIn(state.applications, [&](const v1::Application& one) {
    return one.form().applicants_size() == 1 && PrimaryOf(one) == party &&
           one.form().evidence_size() == 1;
  });
}

bool HasOverPower(const State& state) {
  const auto* power = OverPower(state);
  return power != nullptr && PlainFormOf(state, power->principal()) != nullptr;
}

v1::Command ActTooLate(Forger&, uint64_t, State& state) {
  const v1::PowerOfAttorney power = *OverPower(state);
  v1::Command command;
  command.set_actor(power.agent());
  v1::ApplicationForm* form =
      command.mutable_submit_application()->mutable_form();
  *form = PlainFormOf(state, power.principal())->form();
  form->set_client_reference("forged");
  *form->mutable_evidence(0)->mutable_time() =
      registry::FromUnixMs(state.clock_ms);
  state.attorneys[power.attorney_no()].set_valid_to(kFarAway);
  state.due.clear();  // the clock may owe something that day
  return command;
}

v1::Command SubmitUncosigned(Forger&, uint64_t, State& state) {
  v1::Draft& draft = state.drafts.rbegin()->second;
  v1::Command command;
  command.set_version(draft.version());
  command.mutable_submit_application()->set_draft_no(draft.draft_no());
  for (const v1::Applicant& one : draft.form().applicants()) {
    if (one.primary()) {
      command.set_actor(one.party_number());
    } else {
      draft.add_cosigned(one.party_number());
    }
  }
  return command;
}

// Another application stands in the batch, which waits for its correction.
void AddBadItem(State& state, v1::Command& command) {
  v1::Application& waiting =
      state.applications[InState(state, v1::CORRECTION_REQUIRED)
                             ->application_no()];
  v1::BatchItem* item = command.mutable_open_notices()->add_items();
  item->set_application_no(waiting.application_no());
  item->set_version(waiting.version());
  waiting.set_state(v1::UNDER_REVIEW);
}

bool HasWaiting(const State& state) {
  return InState(state, v1::CORRECTION_REQUIRED) != nullptr;
}

void DiscloseOther(v1::Command& command, v1::Transition& transition) {
  constexpr char kOther[] = "由本单位自行采集";
  command.mutable_disclose_field()->mutable_opening()->set_value(kOther);
  transition.mutable_events(0)
      ->mutable_field_disclosed()
      ->mutable_opening()
      ->set_value(kOther);
}

void AdoptInPast(v1::Command& command, v1::Transition& transition) {
  command.mutable_adopt_profile()->set_effective_from(kLongAgo);
  *transition.mutable_events(0)->mutable_profile_adopted()->mutable_adoption() =
      command.adopt_profile();
}

v1::ProfileRef InForce(const State& state) {
  return registry::ProfileOn(state, registry::ShanghaiDate(state.clock_ms));
}

bool BeganUnderAnother(const Forger& forger, uint64_t index) {
  if (forger.KindOf(index) != Kind::kOpenNotice) return false;
  return forger.TransitionAt(index).context().profile_sha256() !=
         InForce(forger.StateBefore(index)).sha256();
}

void DecideUnderNewProfile(State& state, v1::Command& command) {
  const v1::ProfileRef now = InForce(state);
  *state.applications[command.open_notice().application_no()]
       .mutable_profile() = now;
}

bool Recomputes(const v1::Event& event) {
  return event.deadlines_recomputed().deadlines_size() > 0;
}

void ShortenRecomputed(v1::Transition& transition) {
  for (v1::Event& event : *transition.mutable_events()) {
    if (!Recomputes(event)) continue;
    Shorten(*event.mutable_deadlines_recomputed()
                 ->mutable_deadlines(0)
                 ->mutable_deadline());
  }
}

void ShortenResumed(v1::Transition& transition) {
  for (v1::Event& event : *transition.mutable_events()) {
    if (event.has_notice_resumed()) {
      Shorten(*event.mutable_notice_resumed()->mutable_deadline());
    }
  }
}

std::vector<NamedEdit> ObjectionEdits() {
  return {
      {"notice-shortened", "decide.events", "公示期少记一天",
       "notice recorded a day short", At(Kind::kOpenNotice),
       ChangeEvents([](v1::Transition& transition) {
         Shorten(*transition.mutable_events(0)
                      ->mutable_notice_opened()
                      ->mutable_deadline());
       })},
      {"notice-resumed-short", "decide.events", "恢复公示时少给剩余天数",
       "notice resumed with fewer days",
       AtEvent(Kind::kDismissObjection,
               [](const auto& event) { return event.has_notice_resumed(); }),
       ChangeEvents(ShortenResumed)},
      {"objection-late", "T9", "公示期满后受理异议",
       "objection filed after the notice",
       When(After(Kind::kAdvanceClock),
            [](const State& state) { return PastNotice(state) != nullptr; }),
       InsertLie(FileObjectionLate)},
      {"reply-shortened", "decide.events", "答复期限被缩短",
       "time to answer shortened", At(Kind::kForwardObjection),
       ChangeEvents([](v1::Transition& transition) {
         Shorten(*transition.mutable_events(0)
                      ->mutable_objection_forwarded()
                      ->mutable_reply_deadline());
       })},
      {"reply-defaulted-early", "T12", "答复期未满即视为未答复",
       "silence held against the applicant too early",
       When(After(Kind::kForwardObjection), HasOpenForwarded),
       InsertLie(DefaultEarly)},
      {"registered-under-objection", "T14", "异议未结即登记",
       "registered while an objection is open",
       AfterInState(Kind::kAcceptObjection, v1::OBJECTION_PENDING),
       InsertLie(RegisterFrom(v1::OBJECTION_PENDING))},
      {"registered-while-suspended", "T14", "中止期间登记",
       "registered during suspension",
       AfterInState(Kind::kSuspendApplication, v1::SUSPENDED),
       InsertLie(RegisterFrom(v1::SUSPENDED))},
      {"objection-by-one-officer", "TWO_OFFICERS", "一人裁定异议",
       "objection decided by one officer", At(Kind::kDismissObjection),
       LeaveOneOfficer},
  };
}

std::vector<NamedEdit> FilingEdits() {
  return {
      {"agent-beyond-scope", "B22", "代理人超出授权事项",
       "agent acts beyond its power",
       When(After(Kind::kGrantAttorney), MayOverstep),
       InsertLie(ActBeyondPower)},
      {"agent-too-late", "B22", "代理期限已过仍代理",
       "agent acts after its power",
       When(After(Kind::kAdvanceClock), HasOverPower), InsertLie(ActTooLate)},
      {"draft-uncosigned", "B03", "共同申请人未确认即提交",
       "draft filed without a co-applicant", After(Kind::kPrepareApplication),
       InsertLie(SubmitUncosigned)},
      {"batch-with-bad-item", "T7", "批量中混入待补正的申请",
       "batch with an item that waits for correction",
       When(At(Kind::kOpenNotices), HasWaiting), DecideOn(AddBadItem)},
      {"opening-unfit", "DISCLOSURE", "公开的内容与承诺不符",
       "disclosed value is not the committed one", At(Kind::kDiscloseField),
       SwapCommand(DiscloseOther)},
      {"profile-in-the-past", "PROFILE", "规则自过去生效",
       "profile adopted for the past", At(Kind::kAdoptProfile),
       SwapCommand(AdoptInPast)},
      {"profile-swapped", "context.tables", "以后来的规则决定先前的案件",
       "case decided under a later profile", BeganUnderAnother,
       DecideOn(DecideUnderNewProfile)},
      {"recomputed-short", "decide.events", "载入日历后期限被缩短",
       "deadline recomputed too short", AtEvent(Kind::kLoadTable, Recomputes),
       ChangeEvents(ShortenRecomputed)},
  };
}

}  // namespace

std::vector<NamedEdit> CaseEdits() {
  std::vector<NamedEdit> all = ObjectionEdits();
  const std::vector<NamedEdit> more = FilingEdits();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace dataip::test
