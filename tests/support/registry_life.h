// The whole life of registrations by names: every act that a command about an
// object is, done in a registry in memory by those who may. Rows of the matrix
// of transitions, random sequences and written cases are all told in acts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/registry/decide.h"
#include "core/registry/state/due.h"
#include "tests/support/registry_fixture.h"

namespace dataip::testing {

// Kinds of objects that acts are about.
enum class Kind {
  kRegistry,  // makes something new, or is about many
  kDraft,
  kApplication,
  kObjection,
  kCertificate,
  kRequest,
  kRevocation,
  kFreeze,
  kLicence,
  kAttorney,
};

// Who does it when all is well.
enum class Whose {
  kApplicant,    // primary applicant; its agent when it has one
  kCosigner,     // of a draft or request: the first that has not signed
  kObjector,     // filing: a party with no part in the application
  kHolder,       // the first holder
  kSuccessor,    // a party that is no holder
  kPledgee,      // of the first pledge
  kRequester,    // of the request
  kLicensor,     // of the licence
  kLicensee,     // of the licence
  kPrincipal,    // of the power
  kParty,        // who the words say, else the enterprise
  kExaminer,     //
  kTwoOfficers,  // examiner and approver
  kClock,        //
  kRoot,         //
};

// What an act says beside its object, by Chinese names (`理由`, `字段`).
using Words = std::map<std::string, std::string>;

class Life;

struct Ask {
  Life& life;
  const std::string& object;  // number
  const std::string& actor;   // party number, officers/<id>, root or clock
  const Words& words;

  // The word of this name, or `otherwise`.
  std::string Word(const std::string& name,
                   const std::string& otherwise = "") const;
  const registry::State& state() const;
};

struct Act {
  const char* name;  // in cases: 补正通知
  const char* head;  // of its column: T3
  Kind kind;
  Whose whose;
  v1::Command::BodyCase body;
  // Sets body and version (0 stays). The object may be of any state.
  void (*fill)(const Ask&, v1::Command&);
};

// All of them, in the order of columns.
const std::vector<Act>& Acts();
// Parts of Acts, by file.
std::vector<Act> ApplicationActs();
std::vector<Act> RequestActs();
std::vector<Act> CertificateActs();
// Null when there is none.
const Act* FindAct(const std::string& name);

// A registry with more parties: 企业 (enterprise), 用户 (licensee), 张某
// (person), 银行 (bank), 代理 (agent); and an officer of both roles.
class Life {
 public:
  Life();

  RegistryFixture& world() { return world_; }
  const registry::State& state() const { return world_.state(); }

  // The latest object of a kind, which acts are about; "" when there is none.
  const std::string& Latest(Kind kind) const;
  void SetLatest(Kind kind, const std::string& number);

  // Key of a party (`enterprise`), number of a key's party.
  const std::string& KeyOf(const std::string& party) const;
  const std::string& PartyOf(const std::string& key) const;
  // The first of the parties that is none of these.
  const std::string& PartyBeside(const std::vector<std::string>& parties) const;

  // Keys that sign when all is well, the actor's first.
  RegistryFixture::Signers SignersOf(const Act& act, const std::string& object,
                                     const Words& words = {});
  // Signed by whom SignersOf says, or by others.
  v1::Command CommandOf(const Act& act, const std::string& object,
                        const RegistryFixture::Signers& by,
                        const Words& words = {});
  // The actor that a key signs as: its party's number, or its own name.
  std::string ActorOf(const std::string& key) const;

  // Decides and folds if it is allowed; remembers what was made as the latest.
  registry::Decision Do(const v1::Command& command,
                        const RegistryFixture::Signers& by);
  // The act on the latest object of its kind.
  registry::Decision Do(const std::string& act, const Words& words = {});
  // Acts one after the other, all allowed; between them `@2024-07-05` (09:00
  // that day), `@公示后` (the day after the notice's last), `时钟` (what is
  // overdue), `登记证书` (all up to a certificate), `旧页` and `前请求` (acts
  // are about the sheet before, or the first open request). A word may follow:
  // `提交:合同止=2024-12-31`. The test fails at the first that is refused.
  void Go(const std::string& script);

  // Moves the clock to 09:00 of the day; does nothing when it is later.
  void GoTo(const std::string& day);
  void GoPastNotice();
  // What the clock owes, done; the events of each.
  std::vector<registry::Events> RunClock();

  // 32 bytes, another each time.
  std::string NextSalt();
  std::string Today() const;

 private:
  void Remember(const registry::Events& events);
  RegistryFixture world_;
  std::map<Kind, std::string> latest_;
  std::map<std::string, std::string> keys_;     // party number -> key
  std::map<std::string, std::string> parties_;  // key -> party number
  uint64_t salts_ = 0;
};

// The certificate that the act is about; it is there.
const v1::Certificate& SheetAt(const Ask& ask);
// YYYY-MM-DD, so many days after today.
std::string DaysAfter(const Ask& ask, int days);

// A file named in acts.
v1::FileCommitment ActFile(const std::string& kind);

// `T8`; `!T8` for what the actor may not do, `?` for what is not there, `~T8`
// for what the command says wrongly, `✓` for what is allowed.
std::string MarkOf(const registry::Decision& decision);

}  // namespace dataip::testing
