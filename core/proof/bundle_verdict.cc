// ConcludeBundle of bundle.h: the answers about signatures, and step 9.
#include <algorithm>
#include <cstdio>

#include "core/proof/bundle.h"

namespace dataip::proof {
namespace {

constexpr int64_t kMsPerSecond = 1000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kShanghaiOffsetSeconds = 8 * 3600;

struct CivilDay {
  int64_t year;
  int64_t month;
  int64_t day;
};

// Days since 1970-01-01, in the Gregorian calendar; `days` is not negative.
CivilDay DayOf(int64_t days) {
  // Years that begin in March, counted from 0000-03-01: leap days come last.
  const int64_t shifted = days + 719'468;
  const int64_t era = shifted / 146'097;
  const int64_t of_era = shifted % 146'097;
  const int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const int64_t of_year =
      of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t march_month = (5 * of_year + 2) / 153;
  const int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  return {era * 400 + year_of_era + (month <= 2 ? 1 : 0), month,
          of_year - (153 * march_month + 2) / 5 + 1};
}

int64_t ShanghaiSeconds(int64_t unix_ms) {
  return std::max<int64_t>(0, unix_ms) / kMsPerSecond + kShanghaiOffsetSeconds;
}

std::string ShanghaiInstant(int64_t unix_ms) {
  const int64_t of_day = ShanghaiSeconds(unix_ms) % kSecondsPerDay;
  char text[32];
  std::snprintf(text, sizeof(text), "T%02d:%02d:%02d+08:00",
                static_cast<int>(of_day / 3600),
                static_cast<int>(of_day / 60 % 60),
                static_cast<int>(of_day % 60));
  return ShanghaiDay(unix_ms) + text;
}

StepLine LineOf(const SignatureQuestion& question,
                const SignatureAnswer& answer) {
  StepLine line;
  line.step = question.step;
  line.anchor = question.signer;
  const bool sm2 = question.algorithm == SignatureAlgorithm::kSm2;
  if (question.step == 5) {
    line.claim_en = sm2 ? "the issuing SM2 key has signed the content"
                        : "the issuing P-256 key has signed the content";
    line.claim_zh =
        sm2 ? "发证 SM2 密钥已签署内容" : "发证 P-256 密钥已签署内容";
  } else if (question.witness) {
    line.claim_en = "a witness has signed the checkpoint";
    line.claim_zh = "见证人已签署检查点";
  } else {
    line.claim_en = sm2 ? "the ledger's SM2 key has signed the checkpoint"
                        : "the ledger's Ed25519 key has signed the checkpoint";
    line.claim_zh =
        sm2 ? "账本 SM2 密钥已签署检查点" : "账本 Ed25519 密钥已签署检查点";
  }
  switch (answer.result) {
    case SignatureAnswer::Result::kHolds:
      line.result = StepResult::kHolds;
      return line;
    case SignatureAnswer::Result::kFails:
      line.result = StepResult::kFailed;
      break;
    case SignatureAnswer::Result::kCouldNotCheck:
      line.result = StepResult::kNotMade;
      break;
  }
  line.reason_en = answer.reason_en;
  line.reason_zh = answer.reason_zh;
  return line;
}

StepLine WitnessLine(uint32_t witnesses, uint32_t quorum) {
  StepLine line;
  line.step = 2;
  line.anchor = std::to_string(witnesses) + "/" + std::to_string(quorum);
  line.claim_en = witnesses == 0 ? "not witnessed" : "witnessed";
  line.claim_zh = witnesses == 0 ? "未经见证" : "已经见证";
  line.result = witnesses >= quorum ? StepResult::kHolds : StepResult::kFailed;
  if (line.result == StepResult::kFailed) {
    line.reason_en = "fewer witnesses than the trust file demands";
    line.reason_zh = "见证人数少于信任文件的要求";
  }
  return line;
}

bool HasOverlay(const StatusRecord& record, OverlayKind kind) {
  return std::any_of(record.overlays.begin(), record.overlays.end(),
                     [&](const Overlay& o) { return o.kind == kind; });
}

struct Reason {
  std::string english;
  std::string chinese;
};

// Why a genuine certificate is not in force at the instant, but for a final
// state and a stale seal; nothing when it is.
std::optional<Reason> WhyNotInForce(const OpenedBundle& opened,
                                    const BundleAsk& ask, int64_t at_ms) {
  const StatusRecord& current = *opened.current();
  const std::string day = ShanghaiDay(at_ms);
  if (HasOverlay(current, OverlayKind::kFreeze)) {
    return Reason{"it is frozen", "证书已被冻结"};
  }
  if (day < opened.content->valid_from) {
    return Reason{"it is valid from " + opened.content->valid_from,
                  "有效期自 " + opened.content->valid_from + " 起"};
  }
  if (day > opened.content->valid_to) {
    return Reason{"it was valid to " + opened.content->valid_to,
                  "有效期至 " + opened.content->valid_to + " 止"};
  }
  if (ask.require_unpledged && HasOverlay(current, OverlayKind::kPledge)) {
    return Reason{"it is pledged, which was not to be", "已质押，不符合要求"};
  }
  if (ask.require_undisputed && HasOverlay(current, OverlayKind::kDispute)) {
    return Reason{"it is disputed, which was not to be", "有争议，不符合要求"};
  }
  return std::nullopt;
}

std::string StateZh(CertificateState state) {
  constexpr const char* kNames[] = {"未知",   "有效",   "到期失效",
                                    "已注销", "已撤销", "已换证"};
  return std::string(kNames[static_cast<size_t>(state)]) + " (" +
         StateName(state) + ")";
}

Reason FinalState(const StatusRecord& current) {
  Reason reason = {std::string("its state is ") + StateName(current.state),
                   "状态为" + StateZh(current.state)};
  if (!current.replaced_by.empty()) {
    reason.english += ", successor " + current.replaced_by;
    reason.chinese += "，后继证书 " + current.replaced_by;
  }
  return reason;
}

// Step 9, for a certificate that is genuine.
void JudgeStatus(const OpenedBundle& opened, const BundleAsk& ask,
                 BundleReport& report) {
  const StatusRecord& current = *opened.current();
  const int64_t max_age_ms = ask.max_age_ms.value_or(opened.max_age_ms);
  const std::string seal_time = ShanghaiInstant(opened.seal->time_ms);
  StepLine line;
  line.step = 9;
  line.claim_en = "in force as of " + seal_time;
  line.claim_zh = "截至 " + seal_time + " 有效";
  line.anchor = ShanghaiInstant(report.at_ms);
  line.result = StepResult::kFailed;
  Reason reason;
  const std::optional<Reason> why = WhyNotInForce(opened, ask, report.at_ms);
  if (current.state != CertificateState::kValid) {
    report.conclusion = Conclusion::kNotInForce;
    reason = FinalState(current);
  } else if (report.age_ms > max_age_ms) {
    report.conclusion = Conclusion::kStale;
    reason = {"the seal is older than allowed", "封印早于允许的时限"};
  } else if (why) {
    report.conclusion = Conclusion::kNotInForce;
    reason = *why;
  } else {
    report.conclusion = Conclusion::kInForce;
    line.result = StepResult::kHolds;
  }
  line.reason_en = reason.english;
  line.reason_zh = reason.chinese;
  report.lines.push_back(std::move(line));
}

void AddAnswers(const OpenedBundle& opened,
                std::span<const SignatureAnswer> answers,
                BundleReport& report) {
  for (size_t i = 0; i < opened.questions.size(); ++i) {
    const SignatureQuestion& question = opened.questions[i];
    const SignatureAnswer answer =
        i < answers.size()
            ? answers[i]
            : SignatureAnswer{SignatureAnswer::Result::kCouldNotCheck,
                              "nobody has checked it", "未作检查"};
    const bool holds = answer.result == SignatureAnswer::Result::kHolds;
    if (question.witness && holds) ++report.witnesses;
    report.lines.push_back(LineOf(question, answer));
  }
  if (opened.checkpoint) {
    report.lines.push_back(
        WitnessLine(report.witnesses, opened.witness_quorum));
  }
}

bool HasResult(const BundleReport& report, StepResult result) {
  return std::any_of(report.lines.begin(), report.lines.end(),
                     [&](const StepLine& l) { return l.result == result; });
}

}  // namespace

std::string ShanghaiDay(int64_t unix_ms) {
  const CivilDay day = DayOf(ShanghaiSeconds(unix_ms) / kSecondsPerDay);
  char text[32];
  std::snprintf(text, sizeof(text), "%04d-%02d-%02d",
                static_cast<int>(day.year), static_cast<int>(day.month),
                static_cast<int>(day.day));
  return text;
}

BundleReport ConcludeBundle(const OpenedBundle& opened,
                            std::span<const SignatureAnswer> answers,
                            const BundleAsk& ask) {
  BundleReport report;
  report.lines = opened.lines;
  AddAnswers(opened, answers, report);
  report.at_ms = ask.at_ms.value_or(ask.now_ms);
  if (opened.seal) {
    // On the verifier's clock or at the instant asked for; the simulated
    // clock of a demonstration says nothing about a seal's age.
    report.age_ms = std::max<int64_t>(0, report.at_ms - opened.seal->time_ms);
  }
  const bool simulated = opened.content && opened.content->demonstration;
  if (!ask.at_ms && simulated && opened.current() != nullptr) {
    report.at_ms = opened.current()->decided_at_ms;
  }
  if (HasResult(report, StepResult::kFailed)) {
    report.conclusion = Conclusion::kNotGenuine;
  } else if (HasResult(report, StepResult::kNotMade) || !opened.seal ||
             !opened.content || opened.current() == nullptr ||
             answers.size() != opened.questions.size()) {
    report.conclusion = Conclusion::kCannotDecide;
  } else {
    JudgeStatus(opened, ask, report);
  }
  std::stable_sort(
      report.lines.begin(), report.lines.end(),
      [](const StepLine& a, const StepLine& b) { return a.step < b.step; });
  return report;
}

}  // namespace dataip::proof
