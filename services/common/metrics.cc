#include "services/common/metrics.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace dataip::services {
namespace {

// Numbers between these are written without an exponent.
constexpr double kLeastPlain = 1e-6;
constexpr double kMostPlain = 1e15;

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool IsName(std::string_view name) {
  return !name.empty() && IsLetter(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return IsLetter(c) || (c >= '0' && c <= '9');
         });
}

std::string Escaped(std::string_view text, bool quotes_too) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || (c == '"' && quotes_too)) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// `a="b",c="d"`; nothing for no labels.
std::string Written(const MetricLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    DATAIP_ASSERT(IsName(name));
    absl::StrAppend(&text, text.empty() ? "" : ",", name, "=\"",
                    Escaped(value, true), "\"");
  }
  return text;
}

// The shortest text that reads back as the same number.
std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[32];
  const bool plain = value == 0 || (std::abs(value) >= kLeastPlain &&
                                    std::abs(value) < kMostPlain);
  const auto end = plain ? std::to_chars(text, text + sizeof(text), value,
                                         std::chars_format::fixed)
                         : std::to_chars(text, text + sizeof(text), value);
  return {text, end.ptr};
}

void AppendSample(const std::string& name, const std::string& labels,
                  const std::string& value, std::string& text) {
  absl::StrAppend(&text, name);
  if (!labels.empty()) absl::StrAppend(&text, "{", labels, "}");
  absl::StrAppend(&text, " ", value, "\n");
}

void AppendHistogram(const std::string& name, const std::string& labels,
                     const Histogram& histogram, std::string& text) {
  const Histogram::Snapshot read = histogram.Read();
  const std::string before = labels.empty() ? "" : absl::StrCat(labels, ",");
  uint64_t count = 0;
  for (size_t i = 0; i < read.counts.size(); ++i) {
    count += read.counts[i];
    const std::string bound =
        i < histogram.bounds().size() ? Number(histogram.bounds()[i]) : "+Inf";
    AppendSample(name + "_bucket", absl::StrCat(before, "le=\"", bound, "\""),
                 absl::StrCat(count), text);
  }
  AppendSample(name + "_sum", labels, Number(read.sum), text);
  AppendSample(name + "_count", labels, absl::StrCat(count), text);
}

}  // namespace

const std::vector<double> kSecondsBounds = {
    0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02,
    0.05,   0.1,    0.2,    0.5,   1,     2,     5,    10};
const std::vector<double> kCountBounds = {1,    4,    16,    64,   256,
                                          1024, 4096, 16384, 65536};

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()),
      counts_(new std::atomic<uint64_t>[bounds.size() + 1]()) {
  DATAIP_ASSERT(std::is_sorted(bounds_.begin(), bounds_.end()));
}

void Histogram::Observe(double value) {
  const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  counts_[static_cast<size_t>(at - bounds_.begin())].fetch_add(
      1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::Read() const {
  Snapshot snapshot;
  for (size_t i = 0; i <= bounds_.size(); ++i) {
    snapshot.counts.push_back(counts_[i].load(std::memory_order_relaxed));
  }
  snapshot.sum = sum_.load(std::memory_order_relaxed);
  return snapshot;
}

Metrics::Series& Metrics::At(const MetricName& name, Kind kind,
                             const MetricLabels& labels) {
  DATAIP_ASSERT(IsName(name.name));
  Family& family = families_.try_emplace(name.name, Family{kind, name.help, {}})
                       .first->second;
  DATAIP_ASSERT(family.kind == kind);
  return family.series[Written(labels)];
}

Counter& Metrics::AddCounter(const MetricName& name,
                             const MetricLabels& labels) {
  base::MutexLock lock(mutex_);
  Series& series = At(name, Kind::kCounter, labels);
  if (series.counter == nullptr) series.counter = std::make_unique<Counter>();
  return *series.counter;
}

Gauge& Metrics::AddGauge(const MetricName& name, const MetricLabels& labels) {
  base::MutexLock lock(mutex_);
  Series& series = At(name, Kind::kGauge, labels);
  if (series.gauge == nullptr) series.gauge = std::make_unique<Gauge>();
  return *series.gauge;
}

Histogram& Metrics::AddHistogram(const MetricName& name,
                                 std::span<const double> bounds,
                                 const MetricLabels& labels) {
  base::MutexLock lock(mutex_);
  Series& series = At(name, Kind::kHistogram, labels);
  if (series.histogram == nullptr) {
    series.histogram = std::make_unique<Histogram>(bounds);
  }
  return *series.histogram;
}

void Metrics::AddGauge(const MetricName& name, Read read,
                       const MetricLabels& labels) {
  base::MutexLock lock(mutex_);
  At(name, Kind::kGauge, labels).read =
      std::make_shared<const Read>(std::move(read));
}

void Metrics::AddCounter(const MetricName& name, Read read,
                         const MetricLabels& labels) {
  base::MutexLock lock(mutex_);
  At(name, Kind::kCounter, labels).read =
      std::make_shared<const Read>(std::move(read));
}

void Metrics::Append(const std::string& name, const std::string& labels,
                     const Series& series, const Answers& answers,
                     std::string& text) {
  if (series.histogram != nullptr) {
    AppendHistogram(name, labels, *series.histogram, text);
  } else if (series.read != nullptr) {
    // One that was added since the callbacks were asked comes the next time.
    const auto answer = answers.find({name, labels});
    if (answer == answers.end()) return;
    AppendSample(name, labels, Number(answer->second), text);
  } else if (series.counter != nullptr) {
    AppendSample(name, labels, absl::StrCat(series.counter->value()), text);
  } else {
    AppendSample(name, labels, Number(series.gauge->value()), text);
  }
}

// The callbacks take locks of their owners, who may count under them.
Metrics::Answers Metrics::Ask() const {
  std::vector<std::pair<Answers::key_type, std::shared_ptr<const Read>>> asked;
  {
    base::MutexLock lock(mutex_);
    for (const auto& [name, family] : families_) {
      for (const auto& [labels, series] : family.series) {
        if (series.read != nullptr) {
          asked.push_back({{name, labels}, series.read});
        }
      }
    }
  }
  Answers answers;
  for (const auto& [key, read] : asked) answers[key] = (*read)();
  return answers;
}

std::string Metrics::Text() const {
  const Answers answers = Ask();
  std::string text;
  base::MutexLock lock(mutex_);
  for (const auto& [name, family] : families_) {
    const char* kind = family.kind == Kind::kCounter ? "counter"
                       : family.kind == Kind::kGauge ? "gauge"
                                                     : "histogram";
    absl::StrAppend(&text, "# HELP ", name, " ", Escaped(family.help, false),
                    "\n# TYPE ", name, " ", kind, "\n");
    for (const auto& [labels, series] : family.series) {
      Append(name, labels, series, answers, text);
    }
  }
  return text;
}

}  // namespace dataip::services
