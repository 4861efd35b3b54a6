// A real witness behind a transport that can lose, delay and forge answers.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "core/proof/add_checkpoint.h"
#include "gtest/gtest.h"
#include "services/ledger/witness_client.h"
#include "tests/unit/services/witness/log_fixture.h"

namespace dataip::ledger {

// A witness at an address, and what becomes of what it answers.
class Line {
 public:
  enum class State { kGood, kAway, kSilent, kAnswerLost, kForged };

  void Open(const std::string& log) {
    auto opened = there_.Open({log});
    ASSERT_TRUE(opened.ok()) << opened.status();
    witness_ = *std::move(opened);
  }

  absl::StatusOr<services::HttpResponse> Fetch(const services::HttpCall& call) {
    const auto asked = proof::ParseAddCheckpoint(call.body);
    State state = State::kAway;
    {
      base::MutexLock lock(mutex_);
      ++calls_;
      asked_size_ = asked.ok() ? asked->checkpoint.size : 0;
      changed_.NotifyAll();
      while (state_ == State::kSilent) changed_.Wait(mutex_);
      state = state_;
      if (state == State::kForged) {
        if (--forged_calls_ == 0) state_ = State::kGood;
        return forged_;
      }
    }
    if (state == State::kAway) return absl::UnavailableError("away");
    auto answer = witness_->AddCheckpoint(call.body);
    if (state == State::kAnswerLost) return absl::UnavailableError("lost");
    if (answer.status == 200) {
      base::MutexLock lock(mutex_);
      cosigned_ = true;
      changed_.NotifyAll();
    }
    return services::HttpResponse{.status = answer.status,
                                  .content_type = answer.content_type,
                                  .body = answer.body};
  }

  void Set(State state) {
    base::MutexLock lock(mutex_);
    state_ = state;
    changed_.NotifyAll();
  }
  // For so many calls, then it is good again.
  void Forge(services::HttpResponse response,
             int calls = std::numeric_limits<int>::max()) {
    base::MutexLock lock(mutex_);
    forged_ = std::move(response);
    forged_calls_ = calls;
    state_ = State::kForged;
    changed_.NotifyAll();
  }
  // To have seen more.
  void Claim(const std::string& size, int calls) {
    Forge({.status = 409, .content_type = "text/x.tlog.size", .body = size},
          calls);
  }
  void WaitForCalls(int more) {
    base::MutexLock lock(mutex_);
    const int until = calls_ + more;
    while (calls_ < until) changed_.Wait(mutex_);
  }
  // Until it was asked for a checkpoint of this size.
  void WaitForSize(uint64_t size) {
    base::MutexLock lock(mutex_);
    while (asked_size_ < size) changed_.Wait(mutex_);
  }
  void WaitForFirstCosignature() {
    base::MutexLock lock(mutex_);
    while (!cosigned_) changed_.Wait(mutex_);
  }

  WitnessSetting Setting(const std::string& url) const {
    return *WitnessSetting::Parse(absl::StrCat(there_.vkey(), " ", url));
  }
  const std::string vkey() const { return there_.vkey(); }

 private:
  witness::WitnessFixture there_;
  std::unique_ptr<witness::Witness> witness_;
  base::Mutex mutex_;
  base::CondVar changed_;
  State state_ DATAIP_GUARDED_BY(mutex_) = State::kGood;
  int calls_ DATAIP_GUARDED_BY(mutex_) = 0;
  bool cosigned_ DATAIP_GUARDED_BY(mutex_) = false;
  uint64_t asked_size_ DATAIP_GUARDED_BY(mutex_) = 0;
  int forged_calls_ DATAIP_GUARDED_BY(mutex_) = 0;
  services::HttpResponse forged_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace dataip::ledger
