// Random lives: seeded sequences of commands, by those who may and those who
// may not, with the clock moving on. After each command the rules of
// sequence_rules.h hold; at the end the state is decided again, and asked
// about its past. A failure names seed and step.
#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/registry/certificate/status_on.h"
#include "core/registry/evolve.h"
#include "core/registry/state/context.h"
#include "core/registry/values/canonical.h"
#include "gtest/gtest.h"
#include "tests/support/registry_life.h"
#include "tests/unit/core/registry/sequence_notices.h"
#include "tests/unit/core/registry/sequence_rules.h"
#include "tests/unit/core/registry/sequence_tables.h"

namespace dataip::testing {
namespace {

using registry::Decision;
using registry::Events;
using registry::State;

constexpr uint32_t kSeeds = 8;
constexpr const char* kProfiles[] = {"ZJ-2023", "BJ-2023"};
constexpr int kSteps = 220;
constexpr int kTriesPerStep = 12;

struct Done {
  v1::Command command;
  RegistryFixture::Signers by;
  v1::Context context;
  Events events;
};

// What was seen of a sheet, and when.
struct Seen {
  int64_t at_ms = 0;
  v1::CertificateState state = v1::VALID;
};

class Sequence {
 public:
  Sequence(const Life& base, uint32_t seed)
      : base_(base), life_(base), random_(seed) {}

  void Run() {
    for (int step = 0; step < kSteps; ++step) {
      SCOPED_TRACE(absl::StrCat("step ", step));
      if (step % 4 == 0) MoveClock();
      if (step % 6 == 0) Begin();
      if (step % 5 == 0) Chain();
      if (step % 9 == 0) ChangeTables();
      bool allowed = false;
      for (int i = 0; i < kTriesPerStep && !allowed; ++i) allowed = TryAny();
      if (::testing::Test::HasFailure()) return;
    }
    CheckDecidedAgain();
    CheckPast();
  }

  size_t tried() const { return tried_; }
  size_t accepted() const { return done_.size(); }
  size_t certificates() const { return life_.state().certificates.size(); }
  size_t calendars() const { return calendars_; }
  size_t adoptions() const { return adoptions_; }

 private:
  const State& state() const { return life_.state(); }
  uint64_t Below(uint64_t n) { return random_() % n; }

  bool Perform(const v1::Command& command, const RegistryFixture::Signers& by,
               const std::string& what) {
    ++tried_;
    const State before = state();
    const v1::Context context =
        registry::ContextOf(state(), command, life_.world().now_ms());
    const Decision decision = life_.Do(command, by);
    if (!std::holds_alternative<Events>(decision)) {
      if (tried_ % 16 == 0) {
        EXPECT_EQ(registry::Digest(before), registry::Digest(state())) << what;
      }
      return false;
    }
    const Events& events = std::get<Events>(decision);
    done_.push_back({command, by, context, events});
    std::vector<std::string> broken =
        BrokenByCommand({before, state(), command, by, events});
    for (std::string& line : BrokenInState(state())) {
      broken.push_back(std::move(line));
    }
    for (const std::string& line : broken)
      ADD_FAILURE() << what << ": " << line;
    notices_.See(before, life_, what);
    WatchCertificates();
    return true;
  }

  // Days, sometimes months; then mostly what the clock owes.
  void MoveClock() {
    const uint64_t days = Below(40) == 0 ? 100 + Below(500) : Below(9);
    v1::Command command = life_.world().NewCommand("root", 0);
    *command.mutable_advance_clock()->mutable_to() = registry::FromUnixMs(
        life_.world().now_ms() + static_cast<int64_t>(days) * 86'400'000 + 1);
    Perform(command, {"root"}, "clock moves");
    if (Below(5) == 0) return;
    while (const auto due =
               registry::NextDue(state(), life_.world().now_ms())) {
      v1::Command owed = life_.world().NewCommand(registry::kClockActor, 0);
      registry::SetClockCommand(state(), *due, owed);
      if (!Perform(owed, {"clock"}, "clock acts")) {
        ADD_FAILURE() << "the clock cannot do what it owes: " << due->key;
        return;
      }
    }
  }

  // Something new.
  void Begin() {
    static const char* const kNew[] = {"提交",   "提交", "提交",
                                       "立草稿", "委托", "导入证书"};
    const Act& act = *FindAct(kNew[Below(6)]);
    Words words = {{"自编号", absl::StrCat("R-", tried_)},
                   {"原编号", absl::StrCat("旧-", tried_)}};
    if (std::string(act.name) == "立草稿") words["共同"] = "person";
    const auto today = *registry::ParseDate(life_.Today());
    const std::string end = registry::FormatDate(
        registry::AddDays(today, static_cast<int64_t>(20 + Below(200))));
    if (std::string(act.name) == "导入证书") words["至"] = end;
    if (std::string(act.name) == "提交" && Below(3) == 0) {
      words["合同止"] = end;
    }
    const auto by = life_.SignersOf(act, "", words);
    Perform(life_.CommandOf(act, "", by, words), by, act.name);
  }

  // What root brings: a later calendar, another version of a profile, and from
  // which day it rules.
  void ChangeTables() {
    const std::string id = kProfiles[Below(2)];
    switch (Below(3)) {
      case 0:
        calendars_ += Perform(tables_.Calendar(life_, Below(100)), {"root"},
                              "calendar loaded");
        break;
      case 1:
        Perform(tables_.Version(life_, id, Below(100)), {"root"},
                "profile loaded");
        break;
      default:
        adoptions_ +=
            Perform(tables_.Adoption(life_, id), {"root"}, "profile adopted");
        break;
    }
  }

  // Acts that chance seldom puts one after the other; any may be refused.
  void Chain() {
    static const char* const kChains[] = {
        "请求质押 同意请求 准予办理 请求转让 同意请求 同意请求 准予办理",
        "请求质押 同意请求 准予办理 请求注销 同意请求 准予办理",
        "请求质押 同意请求 准予办理 请求变更 准予办理 请求解除质押 准予办理",
        "请求质押 同意请求 准予办理 请求变更质押 同意请求 同意请求 准予办理",
        "许可备案 确认许可 变更许可 记录运用 变更许可 终止许可",
        "排他许可备案 许可备案 变更许可",
        "请求转让 同意请求 冻结 准予办理",
        "异议 受理异议 转送异议 答复异议 异议不成立",
        "异议 受理异议 撤回异议",
        "异议 受理异议 转送异议 中止 恢复"};
    for (const Kind kind : {Kind::kCertificate, Kind::kApplication}) {
      life_.SetLatest(kind, Pick(kind));
    }
    for (const absl::string_view name :
         absl::StrSplit(kChains[Below(std::size(kChains))], ' ')) {
      const Act& act = *FindAct(std::string(name));
      const std::string object = life_.Latest(act.kind);
      if (object.empty()) return;
      const auto by = life_.SignersOf(act, object);
      Perform(life_.CommandOf(act, object, by), by, act.name);
    }
  }

  // Any act on any object; one in eight by anybody.
  bool TryAny() {
    const Act& act = Acts()[Below(Acts().size())];
    const std::string object = Pick(act.kind);
    if (object.empty()) return false;
    Words words;
    if (std::string(act.name) == "请求质押" && Below(2) == 0) {
      words["给"] = "person";
    }
    if (std::string(act.name) == "提交" || Below(6) == 0) {
      words["由"] = Anybody();
    }
    const auto by = life_.SignersOf(act, object, words);
    return Perform(life_.CommandOf(act, object, by, words), by, act.name);
  }

  std::string Anybody() {
    static const char* const kThey[] = {
        "enterprise",
        "licensee",
        "person",
        "bank",
        "agent",
        "officers/examiner-1",
        "officers/approver-1",
        "officers/both",
        "officers/both,both again",
        "officers/both,officers/approver-1",
        "officers/examiner-1,officers/examiner-1",
        "officers/examiner-1,officers/both",
        "officers/approver-1,officers/examiner-1",
        "officers/examiner-1,enterprise",
        "clock",
        "root"};
    return kThey[Below(16)];
  }

  // Mostly one of the newest: older ones are over.
  template <typename Map>
  std::string PickOf(const Map& map) {
    if (map.empty()) return "";
    const uint64_t back = Below(3) == 0
                              ? Below(map.size())
                              : Below(std::min<uint64_t>(map.size(), 3));
    return std::prev(map.end(), static_cast<int64_t>(back) + 1)->first;
  }

  std::string Pick(Kind kind) {
    switch (kind) {
      case Kind::kDraft:
        return PickOf(state().drafts);
      case Kind::kApplication:
        return PickOf(state().applications);
      case Kind::kObjection:
        return PickOf(state().objections);
      case Kind::kCertificate:
        return PickOf(state().certificates);
      case Kind::kRequest:
        return PickOf(state().requests);
      case Kind::kRevocation:
        return PickOf(state().revocations);
      case Kind::kFreeze:
        return PickOf(state().freezes);
      case Kind::kLicence:
        return PickOf(state().licences);
      case Kind::kAttorney:
        return PickOf(state().attorneys);
      case Kind::kRegistry:
        break;
    }
    return "";
  }

  void WatchCertificates() {
    for (const auto& [number, sheet] : state().certificates) {
      std::vector<Seen>& seen = seen_[number];
      const v1::CertificateState now = sheet.status().state();
      if (seen.empty() || seen.back().state != now) {
        seen.push_back({life_.world().now_ms(), now});
      }
    }
  }

  void CheckDecidedAgain() {
    State again = base_.state();
    for (const Done& done : done_) {
      std::vector<std::string> key_ids;
      for (const std::string& name : done.by) {
        key_ids.push_back(life_.world().KeyId(name));
      }
      const Decision decision =
          registry::Decide(again, {done.command, key_ids}, done.context);
      ASSERT_TRUE(std::holds_alternative<Events>(decision));
      const Events& events = std::get<Events>(decision);
      ASSERT_EQ(events.size(), done.events.size());
      for (size_t i = 0; i < events.size(); ++i) {
        ASSERT_EQ(registry::SerializeCanonical(events[i]),
                  registry::SerializeCanonical(done.events[i]));
      }
      const std::string bytes = registry::SerializeCanonical(done.command);
      registry::Fold(again, done.command, hash::Sha256(hash::AsBytes(bytes)),
                     done.context, events);
    }
    EXPECT_EQ(registry::Digest(again), registry::Digest(state()));
  }

  // What was seen on the day, but that time ends a term by itself and what is
  // annulled never was.
  v1::CertificateState Expected(const std::string& number, int64_t at_ms) {
    const auto& sheet = state().certificates.at(number);
    v1::CertificateState told = v1::CERTIFICATE_STATE_UNSPECIFIED;
    v1::CertificateState last = told;
    for (const Seen& seen : seen_[number]) {
      if (seen.at_ms <= at_ms) told = seen.state;
      last = seen.state;
    }
    if (told == v1::CERTIFICATE_STATE_UNSPECIFIED) {
      const std::string& older = sheet.content().replaces();
      return older.empty() ? told : Expected(older, at_ms);
    }
    const auto& registration = sheet.content().registration_number();
    if (state().annulled.count(registration) > 0) return v1::REVOKED;
    const auto to = *registry::ParseDate(sheet.content().valid_to());
    const bool over = registry::EndOfDayMs(to) < at_ms;
    const bool waits = last == v1::VALID &&
                       std::none_of(state().due.begin(), state().due.end(),
                                    [&](const registry::Due& due) {
                                      return due.key == number;
                                    });
    const bool ends = last == v1::EXPIRED || (last == v1::VALID && !waits);
    return told == v1::VALID && over && ends ? v1::EXPIRED : told;
  }

  void CheckPast() {
    const auto end = *registry::ParseDate(life_.Today());
    for (const auto& [number, sheet] : state().certificates) {
      const auto first = registry::ShanghaiDate(seen_[number].front().at_ms);
      for (auto day = registry::AddDays(first, -1); day < end;
           day = registry::AddDays(day, 13)) {
        const auto told = registry::StatusOn(state(), number, day);
        ASSERT_TRUE(told.has_value());
        const auto at_ms = registry::EndOfDayMs(day);
        EXPECT_EQ(v1::CertificateState_Name(told->state()),
                  v1::CertificateState_Name(Expected(number, at_ms)))
            << number << " on " << registry::FormatDate(day);
      }
    }
  }

  const Life& base_;
  Life life_;
  std::mt19937_64 random_;
  size_t tried_ = 0;
  size_t calendars_ = 0;
  size_t adoptions_ = 0;
  std::vector<Done> done_;
  LaterTables tables_;
  NoticeWatch notices_;
  std::map<std::string, std::vector<Seen>> seen_;
};

class Sequences : public ::testing::TestWithParam<const char*> {};

TEST_P(Sequences, KeepTheRules) {
  const Life base = LifeUnder(GetParam());
  size_t tried = 0;
  size_t accepted = 0;
  size_t certificates = 0;
  size_t calendars = 0;
  size_t adoptions = 0;
  for (uint32_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Sequence sequence(base, seed);
    sequence.Run();
    if (HasFailure()) return;
    tried += sequence.tried();
    accepted += sequence.accepted();
    certificates += sequence.certificates();
    calendars += sequence.calendars();
    adoptions += sequence.adoptions();
  }
  printf(
      "%s, seeds 1 to %u: %zu commands tried, %zu accepted, %zu certificates, "
      "%zu calendars, %zu adoptions\n",
      GetParam(), kSeeds, tried, accepted, certificates, calendars, adoptions);
  // Sequences that never get anywhere would find nothing.
  EXPECT_GT(accepted, tried / 10);
  EXPECT_GT(certificates, kSeeds * 2);
  EXPECT_GT(calendars, kSeeds);
  EXPECT_GT(adoptions, kSeeds);
}

INSTANTIATE_TEST_SUITE_P(Profiles, Sequences, ::testing::ValuesIn(kProfiles));

}  // namespace
}  // namespace dataip::testing
