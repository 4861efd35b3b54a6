#include "services/registry/feed.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/registry/reads.h"

namespace dataip::registryd {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kStopPatience{1'000};

absl::Status TooManyReaders() {
  return services::Overloaded(
      {"too many readers follow the changes; end one of them, or try later",
       "跟踪变更的读者已满，请关闭其中一个，或稍后再试"});
}

absl::Status NotThere(uint64_t from, uint64_t end) {
  return services::MakeStatus(
      rpc::v1::NOT_FOUND,
      {absl::StrCat("from_index: entry ", from,
                    " is not there; the next one "
                    "will be ",
                    end, ". Another registry told you of it? Begin at ", end,
                    " at the latest"),
       absl::StrCat("from_index：没有第 ", from, " 条，下一条将是 ", end,
                    "，起点不得晚于此；请核对是否换了登记机构")});
}

}  // namespace

Feed::Feed(Acknowledged& acknowledged, std::function<int64_t()> now_ms,
           std::chrono::milliseconds heartbeat)
    : acknowledged_(acknowledged),
      now_ms_(std::move(now_ms)),
      heartbeat_(heartbeat) {
  const auto& mark = acknowledged.projection().mark();
  if (mark.has_value()) end_ = mark->index + 1;
  acknowledged_.SetGrowthListener([this](uint64_t end) {
    base::MutexLock lock(mutex_);
    end_ = std::max(end_, end);
    if (!waiting_.empty()) changed_.NotifyAll();
  });
  thread_ = std::thread([this] { Run(); });
}

Feed::~Feed() { Stop(); }

uint64_t Feed::end() const {
  base::MutexLock lock(mutex_);
  return end_;
}

bool Feed::stopped() const {
  base::MutexLock lock(mutex_);
  return stopping_;
}

Feed::Place::~Place() { feed_.Leave(*this); }

absl::StatusOr<std::unique_ptr<Feed::Place>> Feed::Enter(
    const Caller& caller, std::function<void()> cut) {
  const std::string actor = caller.actor.value_or("");
  const bool of_office = acknowledged_.With(
      [&](const registry::State& state) { return SeesAll(caller, state); });
  const size_t most =
      of_office ? limits::kFeedReadersOfOne : limits::kFeedReadersOfParty;
  base::MutexLock lock(mutex_);
  const auto of_one = places_of_.find(actor);
  if (places_.size() >= limits::kFeedReaders ||
      (!of_office && places_of_parties_ >=
                         limits::kFeedReaders - limits::kFeedReadersOfOffice) ||
      (of_one != places_of_.end() && of_one->second >= most)) {
    return TooManyReaders();
  }
  std::unique_ptr<Place> place(new Place(*this, actor, of_office));
  ++places_of_[actor];
  if (!of_office) ++places_of_parties_;
  places_[place.get()] = std::move(cut);
  return place;
}

void Feed::Leave(const Place& place) {
  base::MutexLock lock(mutex_);
  places_.erase(&place);
  const auto of_one = places_of_.find(place.actor_);
  if (--of_one->second == 0) places_of_.erase(of_one);
  if (!place.of_office_) --places_of_parties_;
  changed_.NotifyAll();
}

absl::StatusOr<Feed::Asked> Feed::Check(
    const Caller& caller, const v1::FollowChangesRequest& request) const {
  const uint64_t last = end();
  if (request.from_index() > last) return NotThere(request.from_index(), last);
  Asked asked{caller, ""};
  if (request.party().empty()) return asked;
  return acknowledged_.With(
      [&](const registry::State& state) -> absl::StatusOr<Asked> {
        const auto* party = registry::FindPartyByAny(state, request.party());
        if (party == nullptr) return NoSuch("party", "主体", request.party());
        asked.party = party->party_number();
        return asked;
      });
}

bool Feed::Hears(const registry::State& state, const Asked& asked,
                 const ChangedLine& line) const {
  const bool sees_all = SeesAll(asked.caller, state);
  const bool is_public = line.audience == Audience::kAll;
  const bool has_part = line.parties.count(asked.party) > 0;
  if (!asked.party.empty() && !(has_part && (is_public || sees_all))) {
    // A part that is not public is told to who has it, or stands for who has.
    if (!has_part && line.quiet.count(asked.party) == 0) return false;
    if (!sees_all && !StandsFor(state, asked.caller, asked.party, line)) {
      return false;
    }
  }
  if (is_public || sees_all) return true;
  if (line.audience == Audience::kOfficers) return false;
  const auto stands_for = [&](const std::string& party) {
    return StandsFor(state, asked.caller, party, line);
  };
  return std::any_of(line.parties.begin(), line.parties.end(), stands_for) ||
         std::any_of(line.quiet.begin(), line.quiet.end(), stands_for);
}

bool Feed::StandsFor(const registry::State& state, const Caller& caller,
                     const std::string& party, const ChangedLine& line) const {
  return registryd::StandsFor(Caller{caller.actor, now_ms_()}, state, party,
                              MatterOf(state, line.object_no, party));
}

// Not under the state's lock: a slow disk would hold up deciding.
absl::StatusOr<std::vector<ChangedEntry>> Feed::Read(uint64_t from,
                                                     uint64_t end) const {
  std::vector<ChangedEntry> entries;
  RETURN_IF_ERROR(acknowledged_.projection().ForEachChange(
      from, [&](const ChangedEntry& entry) {
        if (entry.index >= end) return false;
        entries.push_back(entry);
        return entries.size() < limits::kFeedEntriesRead;
      }));
  return entries;
}

std::optional<v1::Change> Feed::HeardOf(
    const Asked& asked, const std::vector<ChangedEntry>& entries,
    uint64_t& next) const {
  return acknowledged_.With(
      [&](const registry::State& state) -> std::optional<v1::Change> {
        for (const ChangedEntry& entry : entries) {
          next = entry.index + 1;
          v1::Change change;
          for (const ChangedLine& line : entry.lines) {
            if (!Hears(state, asked, line)) continue;
            v1::ChangedObject& object = *change.add_objects();
            object.set_event(line.event);
            object.set_object_no(line.object_no);
          }
          if (change.objects_size() == 0) continue;
          change.set_index(entry.index);
          change.set_decided_at_ms(entry.decided_at_ms);
          return change;
        }
        return std::nullopt;
      });
}

absl::StatusOr<Feed::Told> Feed::Next(const Asked& asked, uint64_t from,
                                      uint64_t end) const {
  Told told;
  told.next = from;
  for (size_t looked_at = 0; looked_at < limits::kFeedEntriesLookedAt;
       looked_at += limits::kFeedEntriesRead) {
    ASSIGN_OR_RETURN(const std::vector<ChangedEntry> entries,
                     Read(told.next, end));
    auto heard = HeardOf(asked, entries, told.next);
    if (heard.has_value()) {
      told.change = *std::move(heard);
      return told;
    }
    if (entries.size() < limits::kFeedEntriesRead) {
      // Entries without lines lie behind the last one that has some.
      told.at_end = true;
      told.next = std::max(from, end);
      break;
    }
  }
  if (told.next > 0) told.change.set_index(told.next - 1);
  return told;
}

uint64_t Feed::Await(uint64_t next, Clock::time_point since, Waiter waiter) {
  base::MutexLock lock(mutex_);
  if (stopping_) return 0;
  const uint64_t ticket = ++tickets_;
  waiting_[ticket] = {next, since + heartbeat_, std::move(waiter)};
  changed_.NotifyAll();
  return ticket;
}

bool Feed::Cancel(uint64_t ticket) {
  base::MutexLock lock(mutex_);
  return waiting_.erase(ticket) > 0;
}

std::vector<std::pair<Feed::Waiter, Feed::Woken>> Feed::TakeWoken() {
  std::vector<std::pair<Waiter, Woken>> woken;
  base::MutexLock lock(mutex_);
  for (;;) {
    const auto now = Clock::now();
    std::optional<Clock::time_point> first;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      Waiting& one = at->second;
      const bool grown = end_ > one.next;
      if (!stopping_ && !grown && one.until > now) {
        first = std::min(first.value_or(one.until), one.until);
        ++at;
        continue;
      }
      woken.emplace_back(std::move(one.waiter), stopping_ ? Woken::kStopped
                                                : grown   ? Woken::kGrown
                                                          : Woken::kHeartbeat);
      at = waiting_.erase(at);
    }
    if (!woken.empty() || stopping_) return woken;
    if (first.has_value()) {
      changed_.WaitUntil(mutex_, *first);
    } else {
      changed_.Wait(mutex_);
    }
  }
}

void Feed::Run() {
  for (auto woken = TakeWoken(); !woken.empty(); woken = TakeWoken()) {
    for (auto& [waiter, why] : woken) waiter(why);
  }
}

void Feed::Stop() {
  acknowledged_.SetGrowthListener(nullptr);
  std::vector<std::function<void()>> rest;
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
    const auto until = Clock::now() + kStopPatience;
    while (!places_.empty() && changed_.WaitUntil(mutex_, until)) {
    }
    for (const auto& [place, cut] : places_) rest.push_back(cut);
  }
  for (const auto& cut : rest) cut();
  if (thread_.joinable()) thread_.join();
}

}  // namespace dataip::registryd
