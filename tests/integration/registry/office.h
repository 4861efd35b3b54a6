// A Bureau whose people prepare drafts, grant powers, object, ask for their
// certificates and load tables.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/registry/bureau.h"

namespace dataip::test {

// Holds the key `stranger`.
inline constexpr char kThird[] = "P0000003";

// Fatal failures of GoogleTest where something is refused.
class Office {
 public:
  // Opened, with a third party.
  Office();

  // A draft of the enterprise and the third party; its number.
  std::string Prepare(const std::string& reference);
  void Discard(const std::string& draft_no);

  struct Power {
    std::string principal;
    std::string key;
    std::string agent;
    v1::AttorneyAct act = v1::ACT_FILE;
    std::string document = {};  // content of the signed paper; may be none
  };
  // For 30 days from the clock's start; its number.
  std::string Empower(const Power& power);

  // The licensee objects; its number.
  std::string Object(const std::string& application_no);
  // Accepts and forwards it.
  void Forward(const std::string& objection_no);
  // The enterprise answers, with a file of this content.
  void Answer(const std::string& objection_no, const std::string& file);
  void Dismiss(const std::string& objection_no);
  void WithdrawObjection(const std::string& objection_no);

  // Files, opens the notice, waits for its end on 2024-07-05 and registers;
  // the certificate's number.
  // With `contract_end` the data come from a contract until that day.
  std::string Certify(const std::string& reference,
                      const std::string& contract_end = "");
  // The enterprise pledges to the licensee; number of the request.
  std::string AskPledge(const std::string& certificate);
  void ConsentAndGrant(const std::string& request_no);
  // The enterprise assigns it to the licensee by a contract of this content;
  // number of the request.
  std::string AskTransfer(const std::string& certificate,
                          const std::string& contract);
  // Ex officio, or on a judgment of this content; its number.
  std::string OpenRevocation(const std::string& certificate,
                             const std::string& judgment = "");
  void StateIn(const std::string& revocation_no, const std::string& file);
  // By a court's decision of this content; its number.
  std::string Freeze(const std::string& certificate,
                     const std::string& decision);
  // One of the enterprise's from a record of this content; its number here.
  std::string Import(const std::string& record);

  // As the bureau loads it.
  std::string TableContent(const std::string& name) const;
  // The profile with a day in place of seven to sign together.
  std::string ShorterCosignWindow() const;
  // The second version of one that the bureau loads.
  void LoadTable(const std::string& name, const std::string& content);
  // Its newest version.
  void Adopt(const std::string& profile_id, const std::string& from);

  // A filing of the data of another reference's.
  v1::SubmitCommandRequest SameDataFiling(const std::string& reference,
                                          const std::string& data_of);

  Bureau bureau;

 private:
  struct Document {
    std::string owner;
    std::string kind;
    std::string content;
  };
  // Uploads it.
  v1::FileCommitment Keep(const Document& document, v1::Opening& opening);
  v1::SubmitCommandResponse Do(const std::string& actor,
                               const std::vector<std::string>& keys,
                               const v1::Command& command,
                               std::vector<v1::Opening> openings = {});
  uint64_t StatusVersion(const std::string& certificate);
};

}  // namespace dataip::test
