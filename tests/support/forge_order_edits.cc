// Certificates against the rules of orders, of the clock and of what is taken
// over: C4, C7 to C9.
#include <algorithm>

#include "core/base/status_macros.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/state/licence_term.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/number_scheme.h"
#include "tests/support/forge_edits.h"
#include "tests/support/forge_lies.h"

namespace dataip::test {
namespace {

using Kind = v1::Command;
using registry::State;

constexpr char kFarAway[] = "2099-12-31";

// Valid sheets, by their last day against today.
const v1::Certificate* SheetThatEnds(const State& state, bool today) {
  const std::string now = Today(state);
  return FirstIn(state.certificates, [&](const v1::Certificate& one) {
    const std::string& to = one.content().valid_to();
    return one.status().state() == v1::VALID && (today ? to == now : to < now);
  });
}

StateTest HasSheetThatEnds(bool today) {
  return [today](const State& state) {
    return SheetThatEnds(state, today) != nullptr;
  };
}

v1::Command ExpireEarly(Forger&, uint64_t, State& state) {
  const v1::Certificate& sheet = *SheetThatEnds(state, true);
  v1::Command command;
  command.set_actor(registry::kClockActor);
  command.set_version(sheet.status().version());
  command.mutable_expire_certificate()->set_certificate_number(sheet.number());
  state.certificates[sheet.number()].mutable_content()->set_valid_to(
      registry::FormatDate(
          registry::AddDays(registry::ShanghaiDate(state.clock_ms), -1)));
  state.due.insert(registry::ExpiryOf(state, sheet));
  return command;
}

// By its holder to another party, from today to this day.
v1::Command LicenceOn(const State& state, const v1::Certificate& sheet,
                      const std::string& valid_to) {
  const std::string holder = HolderOf(sheet);
  v1::Command command;
  command.set_actor(holder);
  command.set_version(sheet.status().version());
  v1::FileLicence* body = command.mutable_file_licence();
  body->set_certificate_number(sheet.number());
  body->set_licensee(FirstIn(state.parties, [&](const v1::Party& one) {
                       return one.party_number() != holder;
                     })->party_number());
  body->set_kind(v1::ORDINARY);
  body->set_valid_from(Today(state));
  body->set_valid_to(valid_to);
  body->mutable_price()->mutable_per_unit()->set_currency("CNY");
  body->mutable_price()->mutable_per_unit()->set_fen(25);
  body->mutable_price()->set_unit("次");
  body->set_salt(std::string(hash::kHashBytes, 'f'));
  return command;
}

// The clock never acted, and the holder goes on.
v1::Command LicenseExpired(Forger&, uint64_t, State& state) {
  const v1::Certificate& sheet = *SheetThatEnds(state, false);
  v1::Command command = LicenceOn(state, sheet, kFarAway);
  state.certificates[sheet.number()].mutable_content()->set_valid_to(kFarAway);
  state.due.clear();
  return command;
}

// A licence that lies on its certificate, by its last day against today.
const v1::Licence* LicenceThatLies(const State& state, bool over) {
  const auto* found = FirstIn(state.licences, [&](const auto& one) {
    const v1::Licence& licence = one.licence;
    return state.licence_overlays.count(licence.licence_no()) != 0 &&
           (registry::LastDayOf(licence) < Today(state)) == over;
  });
  return found == nullptr ? nullptr : &found->licence;
}

StateTest HasLicence(bool over) {
  return [over](const State& state) {
    return LicenceThatLies(state, over) != nullptr;
  };
}

v1::Command EndLicenceYesterday(Forger&, uint64_t, State& state) {
  const v1::Licence& licence = *LicenceThatLies(state, false);
  const std::string yesterday = registry::FormatDate(
      registry::AddDays(registry::ShanghaiDate(state.clock_ms), -1));
  v1::Command command;
  command.set_actor(registry::kClockActor);
  command.set_version(licence.version());
  command.mutable_end_licence()->set_licence_no(licence.licence_no());
  command.mutable_end_licence()->set_ended_on(yesterday);
  state.licences[licence.licence_no()].licence.set_ended_on(yesterday);
  return command;
}

// With the day that is its last one indeed.
absl::Status EndLicenceEarly(Forger& forger, uint64_t index) {
  const std::string last_day =
      registry::LastDayOf(*LicenceThatLies(forger.StateBefore(index), false));
  RETURN_IF_ERROR(InsertLie(EndLicenceYesterday)(forger, index));
  return SwapCommand([&](v1::Command& command, v1::Transition& transition) {
    command.mutable_end_licence()->set_ended_on(last_day);
    transition.mutable_events(0)->mutable_licence_ended()->set_ended_on(
        last_day);
  })(forger, index);
}

// The clock never ended a licence, and a holder files another.
v1::Command LicenseBesideEnded(Forger&, uint64_t, State& state) {
  const v1::Licence& over = *LicenceThatLies(state, true);
  state.due.clear();
  return LicenceOn(state, state.certificates.at(over.certificate_number()),
                   Today(state));
}

// Of a licence that its licensee has confirmed.
bool ChangesConfirmed(const Forger& forger, uint64_t index) {
  if (forger.KindOf(index) != Kind::kChangeLicence) return false;
  const State state = forger.StateBefore(index);
  const auto* found = registry::FindLicence(
      state, forger.CommandAt(index).change_licence().licence_no());
  return found != nullptr && found->licence.confirmed_at_ms() != 0;
}

bool HasHearing(const State& state) {
  return FirstIn(state.revocations, [](const v1::Revocation& one) {
           return one.state() == v1::REVOCATION_HEARING;
         }) != nullptr;
}

v1::Command RevokeUnheard(Forger&, uint64_t, State& state) {
  const auto* open = FirstIn(state.revocations, [](const auto& one) {
    return one.state() == v1::REVOCATION_HEARING;
  });
  v1::Command command;
  command.set_actor(ExaminerOf(state));
  command.set_version(open->version());
  v1::RevokeCertificate* body = command.mutable_revoke_certificate();
  body->set_revocation_no(open->revocation_no());
  body->set_effect(v1::FROM_DECISION);
  body->set_reason("隐瞒情况");
  state.revocations[open->revocation_no()].set_state(v1::REVOCATION_HEARD);
  return command;
}

const std::string& FrozenBy(const State& state, const v1::Command& command) {
  return command.has_freeze_certificate()
             ? command.freeze_certificate().certificate_number()
             : state.freezes.at(command.release_freeze().freeze_no())
                   .certificate_number();
}

int CountOf(const v1::Certificate* sheet, v1::OverlayKind kind) {
  if (sheet == nullptr) return 0;
  const auto& overlays = sheet->status().overlays();
  return static_cast<int>(
      std::count_if(overlays.begin(), overlays.end(),
                    [&](const auto& one) { return one.kind() == kind; }));
}

bool FreezesAgain(const Forger& forger, uint64_t index) {
  return forger.KindOf(index) == Kind::kFreezeCertificate &&
         CountOf(registry::FindCertificate(forger.StateBefore(index),
                                           forger.CommandAt(index)
                                               .freeze_certificate()
                                               .certificate_number()),
                 v1::FREEZE) > 0;
}

bool ReleasesOneOfTwo(const Forger& forger, uint64_t index) {
  if (forger.KindOf(index) != Kind::kReleaseFreeze) return false;
  const State state = forger.StateBefore(index);
  return CountOf(registry::FindCertificate(
                     state, FrozenBy(state, forger.CommandAt(index))),
                 v1::FREEZE) > 1;
}

void ForgetFreezes(State& state, v1::Command& command) {
  Drop(state.certificates[FrozenBy(state, command)], v1::FREEZE);
}

void ReleaseBoth(v1::Transition& transition) {
  for (v1::Event& event : *transition.mutable_events()) {
    if (!event.has_status_changed()) continue;
    v1::StatusRecord record = RecordIn(event);
    record.clear_overlays();
    event.mutable_status_changed()->set_status_record(
        registry::SerializeCanonical(record));
  }
}

bool LicensesPledged(const Forger& forger, uint64_t index) {
  return forger.KindOf(index) == Kind::kFileLicence &&
         CountOf(
             registry::FindCertificate(
                 forger.StateBefore(index),
                 forger.CommandAt(index).file_licence().certificate_number()),
             v1::PLEDGE) > 0;
}

void ForgetPledges(v1::Transition& transition) {
  for (v1::Event& event : *transition.mutable_events()) {
    if (!event.has_status_changed()) continue;
    v1::StatusRecord record = RecordIn(event);
    auto* overlays = record.mutable_overlays();
    overlays->erase(std::remove_if(overlays->begin(), overlays->end(),
                                   [](const auto& one) {
                                     return one.kind() == v1::PLEDGE;
                                   }),
                    overlays->end());
    event.mutable_status_changed()->set_status_record(
        registry::SerializeCanonical(record));
  }
}

// The last one is given again, as if nobody had it.
void TurnBackNumbers(State& state, v1::Command&) {
  const uint64_t last = state.counters.certificates--;
  const auto has_it = [last](const auto& one) {
    return registry::CertificateSerial(one.first) == last;
  };
  std::erase_if(state.certificates, has_it);
  std::erase_if(state.aliases, has_it);
}

v1::Command ImportAgain(Forger& forger, uint64_t index, State& state) {
  v1::Command command = forger.CommandAt(index - 1);
  command.mutable_import_certificate()->set_name("另一数据集合");
  for (const std::string& number :
       command.import_certificate().provenance().legacy_numbers()) {
    state.aliases.erase(number);
  }
  return command;
}

void LeaveOutSalt(v1::Command& command, v1::Transition& transition) {
  command.mutable_open_revocation()->clear_salt();
  transition.mutable_events(0)
      ->mutable_revocation_opened()
      ->mutable_revocation()
      ->clear_salt();
}

// What the command opens and what its event tells of it, with the same edit.
template <typename Edit>
void EditOpening(v1::Command& command, v1::Transition& transition, Edit edit) {
  edit(*command.mutable_open_revocation());
  edit(*transition.mutable_events(0)
            ->mutable_revocation_opened()
            ->mutable_revocation());
}

// On a judgment that nobody can look up.
void LeaveOutJudgment(v1::Command& command, v1::Transition& transition) {
  EditOpening(command, transition, [](auto& opened) {
    opened.set_occasion(v1::ON_JUDGMENT);
    opened.clear_document_no();
  });
}

// On one that is named, and that nobody has read.
void LeaveOutDocument(v1::Command& command, v1::Transition& transition) {
  EditOpening(command, transition, [](auto& opened) {
    opened.set_occasion(v1::ON_JUDGMENT);
    opened.set_document_no("(2024)示01行终17号");
    opened.clear_document();
  });
}

void LicenseBeyondTerm(State& state, v1::Command& command) {
  v1::ChangeLicence* terms = command.mutable_change_licence();
  const v1::Licence& licence =
      registry::FindLicence(state, terms->licence_no())->licence;
  terms->set_valid_to(kFarAway);
  state.certificates[licence.certificate_number()]
      .mutable_content()
      ->set_valid_to(kFarAway);
}

}  // namespace

std::vector<NamedEdit> OrderEdits() {
  return {
      {"expired-early", "C8", "证书提前一天失效", "expired a day early",
       When(After(Kind::kAdvanceClock), HasSheetThatEnds(true)),
       InsertLie(ExpireEarly)},
      {"expiry-left-out", "C4", "到期未失效，证书继续许可使用",
       "expiry left out, and a licence filed",
       When(After(Kind::kAdvanceClock), HasSheetThatEnds(false)),
       InsertLie(LicenseExpired)},
      {"licence-beyond-certificate", "C4", "许可变更后超出证书有效期",
       "licence changed to run beyond its certificate",
       At(Kind::kChangeLicence), DecideOn(LicenseBeyondTerm)},
      {"licence-ended-early", "C4", "时钟提前终止许可",
       "the clock ended a licence before its last day was over",
       When(After(Kind::kConfirmLicence), HasLicence(false)), EndLicenceEarly},
      {"licence-end-left-out", "CLOCK", "许可届满未终止，另行备案许可",
       "end of a licence left out, and another filed",
       When(After(Kind::kAdvanceClock), HasLicence(true)),
       InsertLie(LicenseBesideEnded)},
      {"licence-changed-unasked", "SIGNER",
       "未经被许可人签名即变更已确认的许可",
       "confirmed licence changed without its licensee", ChangesConfirmed,
       LeaveOneOfficer},
      {"licence-changed-alone", "SIGNER", "未经质权人签名即变更许可",
       "licence of what is pledged changed without the pledgees",
       At(Kind::kChangeLicence), LeaveOneOfficer},
      {"revocation-without-salt", "C7", "撤销案的争议没有随机盐",
       "dispute of a revocation without a salt", At(Kind::kOpenRevocation),
       SwapCommand(LeaveOutSalt)},
      {"revocation-without-judgment", "C7", "依裁判撤销而没有裁判编号",
       "revocation on a judgment without its number", At(Kind::kOpenRevocation),
       SwapCommand(LeaveOutJudgment)},
      {"revocation-without-document", "C7", "依裁判撤销而没有裁判文书",
       "revocation on a judgment without its document",
       At(Kind::kOpenRevocation), SwapCommand(LeaveOutDocument)},
      {"revoked-unheard", "C7", "未听取意见即撤销", "revoked without a hearing",
       When(After(Kind::kOpenRevocation), HasHearing),
       InsertLie(RevokeUnheard)},
      {"revoked-by-one-officer", "TWO_OFFICERS", "一人撤销证书",
       "revoked by one officer", At(Kind::kRevokeCertificate), LeaveOneOfficer},
      {"frozen-by-one-officer", "TWO_OFFICERS", "一人办理冻结",
       "frozen by one officer", At(Kind::kFreezeCertificate), LeaveOneOfficer},
      {"freeze-forgotten", "decide.events", "再次冻结时抹去先前冻结",
       "an earlier freeze dropped in silence", FreezesAgain,
       DecideOn(ForgetFreezes)},
      {"freeze-released-twice", "decide.events", "解除一项冻结时抹去另一项",
       "another freeze gone with the one released", ReleasesOneOfTwo,
       ChangeEvents(ReleaseBoth)},
      {"pledge-forgotten", "decide.events", "备案许可时抹去质押",
       "a pledge dropped from the status record", LicensesPledged,
       ChangeEvents(ForgetPledges)},
      {"certificate-number-reused", "number.unique", "再次使用已发出的证书编号",
       "number of an issued certificate used again",
       At(Kind::kImportCertificate), DecideOn(TurnBackNumbers)},
      {"imported-twice", "IMPORT", "重复导入同一旧证书",
       "older certificate taken over twice", After(Kind::kImportCertificate),
       InsertLie(ImportAgain)},
  };
}

}  // namespace dataip::test
