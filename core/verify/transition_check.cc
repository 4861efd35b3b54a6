#include "core/verify/transition_check.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/crypto/command_signature.h"
#include "core/registry/decide.h"
#include "core/registry/evolve.h"
#include "core/registry/state/context.h"
#include "core/registry/state/header_of.h"
#include "core/registry/state/signing.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "core/verify/numbers_given.h"
#include "core/verify/rules.h"

namespace dataip::verify {
namespace {

using Flawed = std::optional<TransitionFlaw>;

Flawed Broken(const char* rule, std::string zh, std::string en) {
  return TransitionFlaw{{rule, std::move(zh), std::move(en)}, false};
}

Flawed Undecided(const char* rule, std::string zh, std::string en) {
  return TransitionFlaw{{rule, std::move(zh), std::move(en)}, true};
}

// In the order of their signatures.
std::vector<const v1::CertificateIssued*> IssuedOf(
    const v1::Transition& transition) {
  std::vector<const v1::CertificateIssued*> issued;
  for (const v1::Event& event : transition.events()) {
    if (event.has_certificate_issued()) {
      issued.push_back(&event.certificate_issued());
    }
  }
  return issued;
}

// The public keys that a command would enrol.
std::vector<const v1::PublicKey*> KeysNamedBy(const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kOpenRegistry: {
      const v1::OpenRegistry& opening = command.open_registry();
      return {&opening.root_key(), &opening.clock_key(), &opening.issuing_sm2(),
              &opening.issuing_p256()};
    }
    case v1::Command::kRegisterOfficer:
      return {&command.register_officer().key()};
    case v1::Command::kRegisterParty:
      return {&command.register_party().key()};
    case v1::Command::kEnrolKey:
      return {&command.enrol_key().key()};
    default:
      return {};
  }
}

std::optional<int64_t> DecidedAtMs(const v1::Context& context) {
  constexpr int32_t kNanosPerMs = 1'000'000;
  const auto& at = context.decided_at();
  if (!context.has_decided_at() || at.nanos() % kNanosPerMs != 0) {
    return std::nullopt;
  }
  return registry::ToUnixMs(at);
}

// The state's checks of one transition, in order, with what they share.
class Checker {
 public:
  Checker(const TransitionToCheck& check, registry::State& state,
          const CountRule& count)
      : check_(check),
        transition_(*check.prepared.transition),
        command_(*check.prepared.command),
        header_(*check.prepared.header),
        state_(state),
        count_(count) {}

  Flawed Run() {
    using Part = Flawed (Checker::*)();
    static constexpr Part kParts[] = {
        &Checker::Signatures,     &Checker::NewKeys,     &Checker::Opening,
        &Checker::TimeOfDecision, &Checker::Tables,      &Checker::Decision,
        &Checker::Header,         &Checker::Certificate,
    };
    for (const Part part : kParts) {
      if (Flawed flaw = (this->*part)()) return flaw;
    }
    if (check_.substitute != nullptr) {
      registry::FoldSubstitute(state_, *check_.substitute);
    } else {
      registry::Fold(state_, command_, check_.prepared.command_sha256,
                     transition_.context(), transition_.events());
    }
    return std::nullopt;
  }

 private:
  Flawed Signatures() {
    count_(rule::kSignatureEnrolled);
    const auto keys =
        registry::SigningKeys(state_, command_, check_.prepared.key_ids);
    if (!keys.ok()) {
      return Broken(rule::kSignatureEnrolled, "签名所用密钥未登记",
                    std::string(keys.status().message()));
    }
    count_(rule::kSignatureValid);
    if (!check_.answers.command_valid) {
      return Broken(rule::kSignatureValid, "命令的签名不成立",
                    "a signature of the command does not hold");
    }
    return std::nullopt;
  }

  // The ledger's keys sign notes only (formats.md 7).
  Flawed NewKeys() {
    for (const v1::PublicKey* named : KeysNamedBy(command_)) {
      count_(rule::kKeyLedger);
      for (const crypto::NoteVerifier& ledger : check_.trust.ledger_keys) {
        if (ledger.key().raw_string() == named->raw()) {
          return Broken(rule::kKeyLedger, "账本的签名密钥被登记为其他用途",
                        "a key of the ledger is enrolled for something else");
        }
      }
    }
    return std::nullopt;
  }

  // Everything hangs on the root key that the trust file names.
  Flawed Opening() {
    if (!command_.has_open_registry()) return std::nullopt;
    const v1::OpenRegistry& opening = command_.open_registry();
    count_(rule::kRegistryRootKey);
    if (registry::KeyIdOfMessage(opening.root_key()) != check_.trust.root_key) {
      return Broken(rule::kRegistryRootKey, "根密钥不是信任文件所列的",
                    "the root key is not the trust file's");
    }
    count_(rule::kRegistryDemonstration);
    if (opening.demonstration() && !check_.trust.demonstration) {
      return Undecided(
          rule::kRegistryDemonstration, "这是演示账本，而信任文件未允许演示",
          "this is a demonstration, which the trust file does not accept");
    }
    count_(rule::kRegistryOrigin);
    if (transition_.events_size() > 0 &&
        transition_.events(0).has_registry_opened() &&
        transition_.events(0).registry_opened().origin() !=
            check_.trust.origin) {
      return Broken(rule::kRegistryOrigin, "登记库的 origin 不同",
                    "the registry was opened under another origin");
    }
    return std::nullopt;
  }

  Flawed TimeOfDecision() {
    count_(rule::kContextForm);
    const auto decided_at = DecidedAtMs(transition_.context());
    if (!decided_at.has_value()) {
      return Broken(rule::kContextForm, "决定时间不是毫秒时间",
                    "the time of decision is not one of milliseconds");
    }
    decided_at_ms_ = *decided_at;
    count_(rule::kContextFuture);
    if (decided_at_ms_ > header_.time_ms + limits::kDecisionAheadMs) {
      return Broken(rule::kContextFuture, "决定时间晚于入账时间",
                    "the time of decision lies after the entry's time");
    }
    count_(rule::kContextBack);
    if (decided_at_ms_ < state_.last_decided_at_ms) {
      return Broken(rule::kContextBack, "决定时间早于上一决定",
                    "the time of decision lies before the one before");
    }
    return Clock();
  }

  Flawed Clock() {
    const bool opens = command_.has_open_registry();
    if (opens ? command_.open_registry().demonstration()
              : state_.registry.demonstration()) {
      count_(rule::kContextClock);
      const int64_t clock =
          registry::DecisionTimeMs(state_, command_, header_.time_ms);
      if (decided_at_ms_ != clock) {
        return Broken(rule::kContextClock, "决定时间不是演示时钟的时间",
                      "the time of decision is not the simulated clock's");
      }
      return AdvancedClock();
    }
    count_(rule::kContextLate);
    if (decided_at_ms_ < header_.time_ms - limits::kDecisionBehindMs) {
      return Broken(rule::kContextLate, "决定时间比入账时间早 60 秒以上",
                    "the decision is over 60 s older than the entry");
    }
    return std::nullopt;
  }

  // A simulated clock never passes the real one.
  Flawed AdvancedClock() {
    if (!command_.has_advance_clock()) return std::nullopt;
    count_(rule::kClockReal);
    const auto to_ms = registry::ToUnixMs(command_.advance_clock().to());
    if (to_ms.has_value() &&
        *to_ms > header_.time_ms + limits::kDecisionAheadMs) {
      return Broken(rule::kClockReal, "演示时钟被拨到入账时间之后",
                    "the simulated clock was moved past the entry's time");
    }
    return std::nullopt;
  }

  Flawed Tables() {
    count_(rule::kContextDecider);
    const uint32_t decider = transition_.context().decider();
    if (!registry::KnowsDecider(decider)) {
      return Undecided(
          rule::kContextDecider,
          absl::StrCat("本程序不认识第 ", decider, " 版决定规则（只认识第 ",
                       registry::kDecider, " 版），请使用认识它的版本"),
          absl::StrCat("decider ", decider, " is not known here (only ",
                       registry::kDecider,
                       " is); use a program that knows "
                       "it"));
    }
    count_(rule::kContextTables);
    const v1::Context expected =
        registry::ContextOf(state_, command_, decided_at_ms_);
    if (registry::SerializeCanonical(expected) !=
        registry::SerializeCanonical(transition_.context())) {
      return Broken(rule::kContextTables, "所依据的规则表不是当时有效的",
                    "the tables named are not those in force");
    }
    return std::nullopt;
  }

  Flawed Decision() {
    count_(rule::DecideRule(command_));
    const registry::Decision decision = Decide(
        state_, {command_, check_.prepared.key_ids}, transition_.context());
    if (const auto* refusal = std::get_if<registry::Refusal>(&decision)) {
      const std::string rule = refusal->violations.empty()
                                   ? rule::DecideRule(command_)
                                   : refusal->violations[0].rule();
      return Broken(rule.c_str(), refusal->message_zh, refusal->message_en);
    }
    return CompareEvents(std::get<registry::Events>(decision));
  }

  Flawed CompareEvents(const registry::Events& decided) {
    count_(rule::kNumberUnique);
    if (GivesNumberTwice(state_, transition_.events())) {
      return Broken(rule::kNumberUnique, "编号已被使用",
                    "a number is given twice");
    }
    bool equal = static_cast<int>(decided.size()) == transition_.events_size();
    for (int i = 0; equal && i < transition_.events_size(); ++i) {
      const bool usage = transition_.events(i).has_usage_recorded();
      if (usage) count_(rule::kUsageValue);
      equal = registry::SerializeCanonical(decided[i]) ==
              registry::SerializeCanonical(transition_.events(i));
      if (!equal && usage && decided[i].has_usage_recorded()) {
        return Broken(rule::kUsageValue, "记录的运用金额与重算不符",
                      "the recorded value is not the one computed again");
      }
    }
    count_(rule::kDecideEvents);
    if (!equal) {
      return Broken(rule::kDecideEvents, "事件与重新决定的结果不同",
                    "the events are not those that are decided again");
    }
    return std::nullopt;
  }

  Flawed Header() {
    const registry::EntryParts parts = registry::HeaderOf(transition_.events());
    count_(rule::kHeaderType);
    if (parts.type != header_.type) {
      return Broken(rule::kHeaderType, "头部的类型与事件不符",
                    "the header's type is not that of the events");
    }
    count_(rule::kHeaderStream);
    if (parts.stream != header_.stream) {
      return Broken(rule::kHeaderStream, "头部的对象与事件不符",
                    "the header's stream is not that of the events");
    }
    count_(rule::kHeaderUpdates);
    if (parts.updates != header_.updates) {
      return Broken(rule::kHeaderUpdates, "头部的状态更新与事件不符",
                    "the header's updates are not those of the events");
    }
    return std::nullopt;
  }

  // SM2 then P-256 by the issuing keys in force for each certificate, in
  // order (formats.md 7).
  Flawed Certificate() {
    count_(rule::kCertificateSignatures);
    const auto& signatures = transition_.certificate_signatures();
    bool named = static_cast<size_t>(signatures.size()) ==
                 2 * IssuedOf(transition_).size();
    for (int i = 0; named && i < signatures.size(); ++i) {
      named =
          signatures[i].key_id() ==
          (i % 2 == 0 ? state_.issuing_sm2_key_id : state_.issuing_p256_key_id);
    }
    if (named && check_.answers.certificate_valid) return std::nullopt;
    return Broken(rule::kCertificateSignatures, "证书的签名不成立",
                  "the certificate's signatures do not hold");
  }

  const TransitionToCheck& check_;
  const v1::Transition& transition_;
  const v1::Command& command_;
  const proof::EntryHeader& header_;
  registry::State& state_;
  const CountRule& count_;
  int64_t decided_at_ms_ = 0;
};

}  // namespace

void CollectKey(const v1::PublicKey& message, KeyRing& ring) {
  const auto key = registry::KeyOf(message);
  if (key.ok()) ring.emplace(key->KeyId(), *key);
}

void CollectKeys(const v1::Command& command, KeyRing& ring) {
  for (const v1::PublicKey* key : KeysNamedBy(command)) CollectKey(*key, ring);
}

void ListSignatures(const Prepared& prepared, const std::string& origin,
                    const KeyRing& ring, SignatureAnswers& answers,
                    std::vector<SignatureToVerify>& list) {
  const v1::Transition& transition = *prepared.transition;
  const std::string& command = transition.command().command();
  for (const v1::Signature& signature : transition.command().signatures()) {
    const auto known = ring.find(signature.key_id());
    if (known == ring.end()) {
      answers.command_valid = false;
      continue;
    }
    list.push_back({known->second,
                    crypto::CommandMessage(
                        {origin, signature.key_id(), hash::AsBytes(command)}),
                    signature.signature(), &answers.command_valid});
  }
  const auto& signatures = transition.certificate_signatures();
  const auto issued = IssuedOf(transition);
  // Two each; what is more or less is refused by their number.
  const size_t most = std::min<size_t>(signatures.size(), 2 * issued.size());
  for (size_t i = 0; i < most; ++i) {
    const auto& signature = signatures[static_cast<int>(i)];
    const auto known = ring.find(signature.key_id());
    if (known == ring.end()) {
      answers.certificate_valid = false;
      continue;
    }
    list.push_back({known->second,
                    crypto::CertificateMessage(
                        origin, hash::AsBytes(issued[i / 2]->content())),
                    signature.signature(), &answers.certificate_valid});
  }
}

std::optional<TransitionFlaw> CheckTransition(const TransitionToCheck& check,
                                              registry::State& state,
                                              const CountRule& count) {
  return Checker(check, state, count).Run();
}

}  // namespace dataip::verify
