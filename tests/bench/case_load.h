// What a registry is asked on ordinary days: filings of the metering set's
// shape, corrections, notices, registrations, claims, objections, requests,
// licences, usage, batches and what the clock does.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/bench/timed_registry.h"
#include "tests/support/registry_fixture.h"

namespace dataip::bench {

// SHA-256 of the text, 32 bytes.
std::string DigestOf(const std::string& text);

// A PDF whose commitment is made of the text.
registry::v1::FileCommitment FileOf(const std::string& kind,
                                    const std::string& text);

class CaseLoad {
 public:
  // `rows` is the folder of the metering set.
  CaseLoad(testing::RegistryFixture& fixture, const std::string& rows,
           uint64_t parties);

  TimedRegistry& registry() { return registry_; }

  // A working day with `filings` new applications.
  void Day(uint64_t filings);

 private:
  struct Firm {
    std::string number;
    std::string key_id;
    std::string name;
    uint64_t filed = 0;
  };

  void AddFirms(uint64_t count);
  void NextDay();
  registry::v1::ApplicationForm NewForm(Firm& firm);
  std::string FileOne();
  void Examine(const std::vector<std::string>& filed);
  void OpenNotice(const std::string& application_no);
  void OpenNotices(const std::vector<std::string>& numbers);
  void AddItems(
      const std::vector<std::string>& numbers,
      google::protobuf::RepeatedPtrField<registry::v1::BatchItem>* items) const;
  void Await(const std::string& application_no);
  void Register();
  void RegisterOne(const std::string& application_no);
  void Registered(const registry::Events& events);
  void Correct();
  void Object(const std::string& application_no);
  void Use(const std::string& certificate_number);
  void AskFor(const std::string& certificate_number,
              const registry::v1::RequestBody& body, bool consent);

  // In `percent` of 100 cases.
  bool Chance(uint64_t percent) { return random_() % 100 < percent; }
  const Firm& AnyFirm() { return firms_[random_() % firms_.size()]; }
  uint64_t VersionOf(const std::string& application_no) const;
  const Firm& FirmOf(const std::string& party_number) const;
  registry::v1::Command ByExaminer(uint64_t version);
  void RunAsExaminer(const registry::v1::Command& command);
  registry::Events RunAsOfficers(const registry::v1::Command& command);
  registry::Events RunAsFirm(const registry::v1::Command& command);

  // The same sequence everywhere.
  std::mt19937_64 random_{2024};
  std::vector<registry::v1::ApplicationForm> forms_;
  std::string root_;
  std::string examiner_;
  std::string approver_;
  std::vector<Firm> firms_;
  std::map<std::string, size_t> firm_of_;
  std::vector<std::string> to_correct_;
  // Last day of the notice -> applications.
  std::map<std::string, std::vector<std::string>> in_notice_;
  TimedRegistry registry_;
};

}  // namespace dataip::bench
