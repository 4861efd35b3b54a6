// The story of life_ledger.h, told command by command.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/core/registry/request/request_fixture.h"

namespace dataip::test {

namespace v1 = dataip::registry::v1;

// From 2024-06-20 to the end of 2026.
class LifeStory : public testing::RequestFixture {
 public:
  // Refused commands are failures of the test that runs, and counted.
  void Tell();

  testing::RegistryFixture& fixture() { return fixture_; }

 private:
  void TestBody() override {}

  using Signers = testing::RegistryFixture::Signers;
  registry::Events Officers(const v1::Command& command) {
    return fixture_.Do(command, {testing::kExaminer, testing::kApprover});
  }

  // To 09:00 of the day; then the clock does what it owes.
  void Pass(const std::string& day);
  void ClockActs();

  // life_story_applications.cc
  void DraftWithCosigner();
  void PowerOfAttorney();
  void Batch();
  void Disclose();
  void Object();
  void ObjectAndRemainUnanswered();
  void Suspend();
  void RegisterAll();
  std::string Opposed(const std::string& reference);
  std::string SubmitSealed(const std::string& reference);
  std::string SubmitUnderContract(const std::string& reference,
                                  const std::string& end);
  std::string Notice(const std::string& reference);
  std::string RegisterNow(const std::string& application_no);
  v1::Command AboutObjection(const std::string& actor,
                             const std::string& objection_no);
  v1::Command AboutApplication(const std::string& actor,
                               const std::string& application_no);

  // life_story_certificates.cc
  void ChangeAndTransfer();
  void PledgeTwice();
  void ChangeTerms(const v1::Licence& licence, const std::string& pledge_no);
  void LicenseAndEnd();
  void Renew();
  void Revoke();
  void Import();
  void CorrectError();

  void Load(const std::string& name, const std::string& content);
  void AdoptAnotherProfile();
  void LoadLaterCalendar();

  std::string suspended_;  // application numbers
  std::vector<std::string> batch_;
  std::vector<std::string> certificates_;  // of the batch
};

}  // namespace dataip::test
