#include "services/ledger/mapper.h"

#include <string>
#include <utility>

#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {
namespace {

[[noreturn]] void End(const absl::Status& status) {
  services::Fatal("the map cannot be kept; the ledger ends",
                  {{"error", services::LogText(status)}});
}

}  // namespace

Mapper::Mapper(std::unique_ptr<MapTree> tree)
    : tree_(std::move(tree)), thread_([this] { Run(); }) {}

Mapper::~Mapper() { Stop(); }

void Mapper::Add(std::vector<MapChange> changes) {
  if (changes.empty()) return;
  since_seal_ += changes.size();
  {
    base::MutexLock lock(mutex_);
    while (unmapped_ > limits::kUnmappedUpdates) done_.Wait(mutex_);
    unmapped_ += changes.size();
    queue_.emplace_back(std::move(changes));
  }
  changed_.NotifyOne();
}

Hash Mapper::RootAt(uint64_t size) {
  since_seal_ = 0;
  base::MutexLock lock(mutex_);
  root_.reset();
  queue_.emplace_back(SealItem{size});
  changed_.NotifyOne();
  while (!root_.has_value()) done_.Wait(mutex_);
  return *root_;
}

void Mapper::Keep(uint64_t size, Kept kept) {
  {
    base::MutexLock lock(mutex_);
    queue_.emplace_back(KeepItem{size, std::move(kept)});
  }
  changed_.NotifyOne();
}

void Mapper::Stop() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyOne();
  if (thread_.joinable()) thread_.join();
}

void Mapper::Run() {
  std::deque<Item> items;
  while (Take(items)) {
    for (Item& item : items) {
      std::visit([this](auto& each) { Do(each); }, item);
    }
    items.clear();
    Apply();
  }
}

bool Mapper::Take(std::deque<Item>& items) {
  base::MutexLock lock(mutex_);
  while (queue_.empty() && !stopping_) changed_.Wait(mutex_);
  items.swap(queue_);
  return !items.empty();
}

void Mapper::Apply() {
  const size_t count = gathered_.size();
  if (const absl::Status status = tree_->Apply(std::exchange(gathered_, {}));
      !status.ok()) {
    End(status);
  }
  base::MutexLock lock(mutex_);
  unmapped_ -= count;
  done_.NotifyAll();
}

void Mapper::Do(const std::vector<MapChange>& changes) {
  gathered_.insert(gathered_.end(), changes.begin(), changes.end());
}

void Mapper::Do(const SealItem& seal) {
  Apply();
  {
    base::MutexLock lock(mutex_);
    root_ = tree_->root();
    done_.NotifyAll();
  }
  tree_->Cut(seal.size);
}

void Mapper::Do(const KeepItem& keep) {
  auto version = tree_->Keep(keep.size);
  if (!version.ok()) End(version.status());
  keep.kept(*std::move(version));
}

}  // namespace dataip::ledger
