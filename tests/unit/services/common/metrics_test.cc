#include "services/common/metrics.h"

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace dataip::services {
namespace {

TEST(Metrics, RefusesNamesThatPrometheusDoes) {
  Metrics metrics;
  EXPECT_DEATH(metrics.AddCounter({"", ""}), "IsName");
  EXPECT_DEATH(metrics.AddCounter({"1a", ""}), "IsName");
  EXPECT_DEATH(metrics.AddCounter({"a-b", ""}), "IsName");
  EXPECT_DEATH(metrics.AddCounter({"a", ""}, {{"b c", ""}}), "IsName");
}

TEST(Metrics, ANameHasOneKind) {
  Metrics metrics;
  metrics.AddCounter({"a", ""});
  EXPECT_DEATH(metrics.AddGauge({"a", ""}), "kind");
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameObject) {
  Metrics metrics;
  EXPECT_EQ(&metrics.AddCounter({"a", ""}, {{"k", "1"}}),
            &metrics.AddCounter({"a", ""}, {{"k", "1"}}));
  EXPECT_NE(&metrics.AddCounter({"a", ""}, {{"k", "1"}}),
            &metrics.AddCounter({"a", ""}, {{"k", "2"}}));
}

TEST(Metrics, WritesTheExposition) {
  Metrics metrics;
  metrics.AddGauge({"size_bytes", "With \\ and\nlines."}).Set(1.5);
  metrics.AddCounter({"calls_total", "Calls."}, {{"code", "a\"\\\nb"}}).Add(3);
  metrics.AddCounter({"calls_total", "Calls."}, {{"code", "OK"}}).Add();
  metrics.AddGauge({"age_seconds", "Age."}, [] { return 0.25; });
  const std::vector<double> bounds = {0.1, 1};
  Histogram& histogram =
      metrics.AddHistogram({"t_seconds", "T."}, bounds, {{"m", "x"}});
  for (const double value : {0.1, 0.5, 1.0, 2.0}) histogram.Observe(value);
  EXPECT_EQ(metrics.Text(),
            "# HELP age_seconds Age.\n"
            "# TYPE age_seconds gauge\n"
            "age_seconds 0.25\n"
            "# HELP calls_total Calls.\n"
            "# TYPE calls_total counter\n"
            "calls_total{code=\"OK\"} 1\n"
            "calls_total{code=\"a\\\"\\\\\\nb\"} 3\n"
            "# HELP size_bytes With \\\\ and\\nlines.\n"
            "# TYPE size_bytes gauge\n"
            "size_bytes 1.5\n"
            "# HELP t_seconds T.\n"
            "# TYPE t_seconds histogram\n"
            "t_seconds_bucket{m=\"x\",le=\"0.1\"} 1\n"
            "t_seconds_bucket{m=\"x\",le=\"1\"} 3\n"
            "t_seconds_bucket{m=\"x\",le=\"+Inf\"} 4\n"
            "t_seconds_sum{m=\"x\"} 3.6\n"
            "t_seconds_count{m=\"x\"} 4\n");
}

TEST(Metrics, ACallbackMayAddAMetricAndReadTheOthers) {
  Metrics metrics;
  metrics.AddGauge({"a", "A."}, [&metrics] {
    metrics.AddCounter({"b_total", "B."}).Add();
    return 1.0;
  });
  EXPECT_EQ(metrics.Text(),
            "# HELP a A.\n# TYPE a gauge\na 1\n"
            "# HELP b_total B.\n# TYPE b_total counter\nb_total 1\n");
}

TEST(Metrics, ACallbackThatWaitsHoldsNobodyUp) {
  Metrics metrics;
  std::promise<void> asked;
  std::promise<void> counted;
  metrics.AddGauge({"a", "A."}, [&] {
    asked.set_value();
    counted.get_future().wait();
    return 1.0;
  });
  auto text =
      std::async(std::launch::async, [&metrics] { return metrics.Text(); });
  asked.get_future().wait();
  metrics.AddCounter({"b_total", "B."}).Add();
  counted.set_value();
  EXPECT_NE(text.get().find("a 1\n"), std::string::npos);
}

TEST(Metrics, CountsOfManyThreadsAddUp) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&metrics] {
      Counter& counter = metrics.AddCounter({"a_total", ""});
      Histogram& histogram = metrics.AddHistogram({"b", ""}, kCountBounds);
      for (int j = 0; j < 10'000; ++j) {
        counter.Add();
        histogram.Observe(j % 7);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(metrics.AddCounter({"a_total", ""}).value(), 40'000u);
  uint64_t count = 0;
  for (const uint64_t bucket :
       metrics.AddHistogram({"b", ""}, kCountBounds).Read().counts) {
    count += bucket;
  }
  EXPECT_EQ(count, 40'000u);
}

}  // namespace
}  // namespace dataip::services
