#include "tests/bench/options.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "core/hash/hash.h"

namespace dataip::bench {

Options::Options(const char* usage, std::map<std::string, std::string> values,
                 int argc, char** argv)
    : values_(std::move(values)) {
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--help") {
      std::fputs(usage, stdout);
      std::exit(0);
    }
    const auto found = values_.find(name);
    if (found == values_.end() || i + 1 == argc) {
      std::fprintf(stderr, "what is %s?\n%s", name.c_str(), usage);
      std::exit(2);
    }
    found->second = argv[i + 1];
  }
}

const std::string& Options::Text(const std::string& name) const {
  return values_.at(name);
}

uint64_t Options::Number(const std::string& name) const {
  const std::string& text = Text(name);
  char* end = nullptr;
  const uint64_t number = std::strtoull(text.c_str(), &end, 10);
  if (!text.empty() && *end == '\0') return number;
  std::fprintf(stderr, "%s: not a number: %s\n", name.c_str(), text.c_str());
  std::exit(2);
}

std::optional<client::TlsFiles> Options::Tls() const {
  if (Text("--tls-ca").empty()) return std::nullopt;
  return client::TlsFiles{Text("--tls-ca"), Text("--tls-certificate"),
                          Text("--tls-key")};
}

void Require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, what.c_str());
  // Other threads may be in a call.
  std::_Exit(1);
}

std::string KeyName(uint64_t key) {
  char name[64];
  std::snprintf(name, sizeof(name), "certificates/2026%013llu",
                static_cast<unsigned long long>(key));
  return name;
}

void FillMessage(const Load& load, uint64_t count, RandomBytes& random,
                 ledger::v1::AppendRequest& request) {
  for (uint64_t i = 0; i < count; ++i) {
    ledger::v1::NewEntry* entry = request.add_entries();
    entry->set_type("bench.v1.Entry");
    entry->set_stream("bench/20260001234");
    random.Fill(load.payload_bytes, entry->mutable_payload());
    std::vector<uint64_t> keys;
    for (uint64_t u = 0; u < load.updates; ++u) {
      keys.push_back(random.Next() % load.keys);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const uint64_t key : keys) {
      ledger::v1::MapUpdate* update = entry->add_updates();
      update->set_key(KeyName(key));
      random.Fill(hash::kHashBytes, update->mutable_value_sha256());
    }
  }
}

void PrintResult(const Load& load, Timing timing) {
  std::vector<double>& sorted = timing.latencies_ms;
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&sorted](double share) {
    if (sorted.empty()) return 0.0;
    const auto rank =
        static_cast<size_t>(share * static_cast<double>(sorted.size()));
    return sorted[std::min(rank, sorted.size() - 1)];
  };
  const double seconds =
      std::chrono::duration<double>(timing.end - timing.begin).count();
  std::printf(
      "{\"entries\": %llu, \"message\": %llu, \"seconds\": %.3f, "
      "\"entries_per_s\": %.0f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, "
      "\"max_ms\": %.3f}\n",
      static_cast<unsigned long long>(load.entries),
      static_cast<unsigned long long>(load.message), seconds,
      static_cast<double>(load.entries) / seconds, at(0.5), at(0.99), at(1.0));
}

}  // namespace dataip::bench
