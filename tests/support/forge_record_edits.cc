// Decisions that were allowed, recorded as something else.
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/registry/state/context.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "tests/support/forge_edits.h"

namespace dataip::test {
namespace {

using Kind = v1::Command;

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kForgedFen = 100'000;

bool HasUpdates(const Forger& forger, uint64_t index) {
  return forger.KindOf(index) == Kind::kRegisterApplication;
}

absl::Status LeaveUpdateOut(Forger& forger, uint64_t index) {
  forger.draft(index).updates.clear();
  return absl::OkStatus();
}

// Decided an hour after the ledger says that it was entered.
absl::Status DecideInFuture(Forger& forger, uint64_t index) {
  const int64_t future_ms = forger.draft(index).time_ms + kHourMs;
  registry::State state = forger.StateBefore(index);
  state.clock_ms = future_ms;
  state.due.clear();  // by then they would be overdue
  v1::Command command = forger.CommandAt(index);
  forger.Refresh(command, future_ms);
  ASSIGN_OR_RETURN(
      const v1::Transition transition,
      forger.Forge({state, command, forger.SignersAt(index), future_ms}));
  forger.Put(index, transition);
  return absl::OkStatus();
}

absl::Status DecideBackwards(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  *transition.mutable_context()->mutable_decided_at() =
      registry::FromUnixMs(forger.DecidedAtMs(index - 1) - 1);
  forger.PutPayload(index, transition);
  return absl::OkStatus();
}

bool FollowsDecision(const Forger& forger, uint64_t index) {
  return index > 0 && forger.KindOf(index) == Kind::kOpenNotice &&
         forger.IsTransition(index - 1);
}

const v1::ApplicationRegistered& RegisteredBy(
    const v1::Transition& transition) {
  return transition.events(0).application_registered();
}

bool FitsNumberTwice(const Forger& forger, uint64_t index) {
  return index > 0 && forger.KindOf(index) == Kind::kRegisterApplication &&
         forger.KindOf(index - 1) == Kind::kRegisterApplication;
}

// Counters are turned back, so that the numbers of the one before come out.
absl::Status GiveNumberTwice(Forger& forger, uint64_t index) {
  registry::State state = forger.StateBefore(index);
  const v1::Transition earlier = forger.TransitionAt(index - 1);
  --state.counters.certificates;
  --state.counters.registrations;
  state.certificates.erase(RegisteredBy(earlier).certificate_number());
  state.registration_numbers.erase(RegisteredBy(earlier).registration_number());
  ASSIGN_OR_RETURN(
      const v1::Transition transition,
      forger.Forge({state, forger.CommandAt(index), forger.SignersAt(index),
                    forger.DecidedAtMs(index)}));
  if (RegisteredBy(transition).certificate_number() !=
      RegisteredBy(earlier).certificate_number()) {
    return absl::FailedPreconditionError("the numbers differ");
  }
  forger.Put(index, transition);
  return absl::OkStatus();
}

bool HasTables(const Forger& forger, uint64_t index) {
  return forger.KindOf(index) == Kind::kSubmitApplication;
}

absl::Status SwapTable(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  auto* tables = transition.mutable_context()->mutable_tables();
  tables->Mutable(0)->set_sha256(crypto::RandomBytes(hash::kHashBytes));
  forger.Put(index, transition);
  return absl::OkStatus();
}

bool LoadsIndustries(const Forger& forger, uint64_t index) {
  return forger.KindOf(index) == Kind::kLoadTable &&
         forger.CommandAt(index).load_table().name() == "industries";
}

// Root signed one table, the event records another.
absl::Status SwapTableContent(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  v1::TableLoaded* loaded =
      transition.mutable_events(0)->mutable_table_loaded();
  loaded->mutable_content()->append("T99,另一行业,大类\n");
  loaded->set_rows(loaded->rows() + 1);
  loaded->set_sha256(
      std::string(hash::Sha256(hash::AsBytes(loaded->content())).text()));
  forger.Put(index, transition);
  return absl::OkStatus();
}

// A key of nobody signs in the place of the second officer's.
absl::Status SignWithNewKey(Forger& forger, uint64_t index) {
  const registry::State state = forger.StateBefore(index);
  const v1::Command command = forger.CommandAt(index);
  ASSIGN_OR_RETURN(const std::string new_key, forger.NewKey());
  std::vector<std::string> signers;
  for (const std::string& key_id : forger.SignersAt(index)) {
    const bool examiner = state.keys.at(key_id).actor == command.actor();
    signers.push_back(examiner ? key_id : new_key);
  }
  v1::Transition transition = forger.TransitionAt(index);
  ASSIGN_OR_RETURN(*transition.mutable_command(),
                   forger.Sign(command, signers));
  forger.Put(index, transition);
  return absl::OkStatus();
}

absl::Status ChangeAmount(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  v1::UsageRecorded* usage =
      transition.mutable_events(0)->mutable_usage_recorded();
  v1::CountedUsage* counted = usage->mutable_counted(0);
  counted->set_value_fen(counted->value_fen() + kForgedFen);
  usage->set_value_fen(usage->value_fen() + kForgedFen);
  forger.Put(index, transition);
  return absl::OkStatus();
}

// The officer signed another command than the one recorded.
absl::Status AlterCommand(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  v1::Command command = forger.CommandAt(index);
  *command.mutable_expires_at() =
      registry::FromUnixMs(*registry::ToUnixMs(command.expires_at()) - 1);
  transition.mutable_command()->set_command(
      registry::SerializeCanonical(command));
  forger.Put(index, transition);
  return absl::OkStatus();
}

absl::Status LeaveEventOut(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  transition.mutable_events()->RemoveLast();
  forger.Put(index, transition);
  return absl::OkStatus();
}

// The P-256 signature is that of another certificate.
absl::Status ForgeCertificateSignature(Forger& forger, uint64_t index) {
  v1::Transition transition = forger.TransitionAt(index);
  transition.mutable_certificate_signatures(1)->set_signature(
      transition.certificate_signatures(0).signature());
  forger.Put(index, transition);
  return absl::OkStatus();
}

// Root moves the simulated clock past the real one.
absl::Status MoveClockAhead(Forger& forger, uint64_t index) {
  v1::Command command = forger.CommandAt(index);
  *command.mutable_advance_clock()->mutable_to() =
      registry::FromUnixMs(forger.draft(index).time_ms + kHourMs);
  ASSIGN_OR_RETURN(
      const v1::Transition transition,
      forger.Forge({forger.StateBefore(index), command, forger.SignersAt(index),
                    forger.DecidedAtMs(index)}));
  forger.Put(index, transition);
  return absl::OkStatus();
}

absl::Status RenameStream(Forger& forger, uint64_t index) {
  forger.draft(index).stream += "0";
  return absl::OkStatus();
}

bool IsLaterSeal(const Forger& forger, uint64_t index) {
  return index + 1 == forger.size();
}

absl::Status LieAboutMap(Forger& forger, uint64_t index) {
  forger.draft(index).false_map_root =
      hash::Sha256(hash::AsBytes("a map of ours"));
  return absl::OkStatus();
}

bool FollowsUnsealed(const Forger& forger, uint64_t index) {
  return index > 0 && forger.IsTransition(index) &&
         forger.IsTransition(index - 1);
}

// Nothing was sealed for an hour.
absl::Status LeaveUnsealed(Forger& forger, uint64_t index) {
  for (uint64_t i = index; i < forger.size(); ++i) {
    forger.draft(i).time_ms += kHourMs;
  }
  return absl::OkStatus();
}

auto IsKind(v1::Command::BodyCase kind) {
  return [kind](const Forger& forger, uint64_t index) {
    return forger.KindOf(index) == kind;
  };
}

}  // namespace

std::vector<NamedEdit> RecordEdits() {
  return {
      {"update-left-out", "header.updates", "头部漏掉状态更新",
       "update left out of a header", HasUpdates, LeaveUpdateOut},
      {"decision-in-future", "context.future", "决定时间在未来",
       "decision time in the future", IsKind(Kind::kOpenNotice),
       DecideInFuture},
      {"number-given-twice", "number.unique", "同一编号给出两次",
       "number given twice", FitsNumberTwice, GiveNumberTwice},
      {"table-swapped", "context.tables", "所依据的代码表被调换",
       "table swapped", HasTables, SwapTable},
      {"key-not-enrolled", "signature.enrolled", "签名密钥未登记",
       "officer's key not enrolled", IsKind(Kind::kOpenNotice), SignWithNewKey},
      {"changed-amount", "usage.value", "运用金额被改动", "changed amount",
       IsKind(Kind::kRecordUsage), ChangeAmount},
      {"false-map-root", "seal.map_root", "封印的状态根是假的",
       "seal with a false map root", IsLaterSeal, LieAboutMap},
      {"table-content-swapped", "decide.events", "载入的表不是所签的表",
       "another table recorded than the one signed", LoadsIndustries,
       SwapTableContent},
      {"decision-goes-back", "context.back", "决定时间倒退",
       "time of decision goes back", FollowsDecision, DecideBackwards},
      {"command-altered", "signature.valid", "签名之后改动命令",
       "command altered after it was signed", IsKind(Kind::kOpenNotice),
       AlterCommand},
      {"event-left-out", "decide.events", "漏记一个事件", "an event left out",
       HasUpdates, LeaveEventOut},
      {"certificate-signature-forged", "certificate.signatures",
       "证书的一个签名是假的", "a certificate's signature forged", HasUpdates,
       ForgeCertificateSignature},
      {"clock-ahead", "clock.real", "演示时钟被拨到未来",
       "simulated clock moved past the real one", IsKind(Kind::kAdvanceClock),
       MoveClockAhead},
      {"seal-late", "seal.interval", "条目一小时未封印",
       "an entry unsealed for an hour", FollowsUnsealed, LeaveUnsealed},
      {"stream-renamed", "header.stream", "头部写了另一个对象",
       "header about another thing", IsKind(Kind::kOpenNotice), RenameStream},
  };
}

const std::vector<NamedEdit>& NamedEdits() {
  static const std::vector<NamedEdit> edits = [] {
    std::vector<NamedEdit> all = RuleEdits();
    for (const auto& more : {RecordEdits(), ErasureEdits()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return edits;
}

const std::vector<NamedEdit>& LifeEdits() {
  static const std::vector<NamedEdit> edits = [] {
    std::vector<NamedEdit> all = CaseEdits();
    for (const auto& more : {HolderEdits(), OrderEdits()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return edits;
}

}  // namespace dataip::test
