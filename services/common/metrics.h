// What a server measures of itself, as Prometheus reads it (text format
// 0.0.4).
//
//   Metrics metrics;
//   Histogram& commits = metrics.AddHistogram(
//       {"dataip_ledger_commit_seconds", "Time of one synced write."},
//       kSecondsBounds);
//   commits.Observe(0.001);
//   metrics.AddGauge({"dataip_ledger_size", "Durable entries."},
//                    [&] { return double(ledger.durable().value()); });
//   http answers GET /metrics with metrics.Text()
//
// Names: snake case, the unit last (`_seconds`, `_bytes`), `_total` for
// counters.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/mutex.h"

namespace dataip::services {

inline constexpr char kMetricsContentType[] =
    "text/plain; version=0.0.4; charset=utf-8";

// Only grows. Thread safe and cheap: one relaxed addition.
class Counter {
 public:
  void Add(uint64_t count = 1) {
    value_.fetch_add(count, std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_ = 0;
};

// Thread safe.
class Gauge {
 public:
  void Set(double value) { value_.store(value, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

// How often a value was at most each of some bounds. Thread safe and cheap:
// a search among a dozen bounds and two relaxed additions.
class Histogram {
 public:
  // Ascending.
  explicit Histogram(std::span<const double> bounds);

  void Observe(double value);

  struct Snapshot {
    std::vector<uint64_t> counts;  // by bound, then those above the last; not
                                   // cumulated
    double sum = 0;
  };
  Snapshot Read() const;
  const std::vector<double>& bounds() const { return bounds_; }

 private:
  const std::vector<double> bounds_;
  const std::unique_ptr<std::atomic<uint64_t>[]> counts_;
  std::atomic<double> sum_ = 0;
};

// 0.1 ms to 10 s.
extern const std::vector<double> kSecondsBounds;
// 1, 4, 16, ... 65,536.
extern const std::vector<double> kCountBounds;

struct MetricName {
  std::string name;
  std::string help;  // one sentence
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

// Everything that a program measures. Thread safe. What it hands out lives as
// long as it does; the same name and labels give the same object, the same
// name as another kind is a bug and ends the process.
class Metrics {
 public:
  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter& AddCounter(const MetricName& name, const MetricLabels& labels = {});
  Gauge& AddGauge(const MetricName& name, const MetricLabels& labels = {});
  Histogram& AddHistogram(const MetricName& name,
                          std::span<const double> bounds,
                          const MetricLabels& labels = {});

  // Asked for by each Text(), in its thread and without a lock: it may add
  // metrics and may be asked by several threads at a time. Stop serving before
  // what it reads is gone.
  using Read = std::function<double()>;
  void AddGauge(const MetricName& name, Read read,
                const MetricLabels& labels = {});
  void AddCounter(const MetricName& name, Read read,
                  const MetricLabels& labels = {});

  // The whole exposition, families and series in ascending order.
  std::string Text() const;

 private:
  enum class Kind { kCounter, kGauge, kHistogram };
  struct Series {
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
    std::shared_ptr<const Read> read;
  };
  // What the callbacks said, by family and labels.
  using Answers = std::map<std::pair<std::string, std::string>, double>;
  struct Family {
    Kind kind = Kind::kCounter;
    std::string help;
    std::map<std::string, Series> series;  // by labels as they are written
  };

  Series& At(const MetricName& name, Kind kind, const MetricLabels& labels)
      DATAIP_REQUIRES(mutex_);
  static void Append(const std::string& name, const std::string& labels,
                     const Series& series, const Answers& answers,
                     std::string& text);
  Answers Ask() const;

  mutable base::Mutex mutex_;
  std::map<std::string, Family> families_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace dataip::services
