// A ledger and a registry as programs with mutual TLS, and everybody at work
// through `dataip` alone: also keys, certificates, trust and opening are made
// by its commands.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip::test {

inline constexpr char kEnterprise[] = "P0000001";
inline constexpr char kEnterpriseCode[] = "91330382MA00005413";
inline constexpr char kLicenseeCode[] = "91330382MA00006569";

class Office {
 public:
  // One for all tests of the program: each test brings its own applications.
  // Started at the first call.
  static Office& Shared();

  // Makes keys and certificates, starts the servers, opens the registry as a
  // demonstration and registers officers and enterprise. The test ends when
  // any of it fails.
  Office();

  // Runs `dataip` as somebody: "root", "examiner", "approver", "enterprise",
  // "licensee", or "" for nobody (no certificate, no key).
  Ended Run(const std::string& who, std::vector<std::string> arguments,
            const std::string& standard_input = "");
  // The same with -o json; fails the test unless the exit code is 0.
  google::protobuf::Value Json(const std::string& who,
                               std::vector<std::string> arguments);

  std::string Path(const std::string& name) const { return dir / name; }
  std::string KeyFile(const std::string& who) const {
    return Path("keys/" + who + ".pem");
  }

  // A filing table of one row, and the folder of its data files.
  std::string WriteRow(const std::string& reference);
  static std::string DataFolder();
  // Files one application by `application import`; its number.
  std::string File(const std::string& reference);
  // Files, opens the notice; the number.
  std::string FileAndOpenNotice(const std::string& reference);
  // Files and registers it; the certificate's number.
  std::string Certify(const std::string& reference);
  // Moves the clock to a day past every notice opened so far.
  void PassNotices();

  TempDir dir;
  std::string registry_address;
  std::string ledger_address;
  std::unique_ptr<Process> ledger;
  std::unique_ptr<Process> registry;
  void StartRegistry(const std::string& listen);

 private:
  void MakeKeys();
  void MakeTls();
  void StartLedger();
  void OpenRegistry();
  void Good(const std::string& who, const std::vector<std::string>& arguments);
};

// Of a JSON object; "" or empty when it is not there.
std::string TextIn(const google::protobuf::Value& value,
                   const std::string& name);
const google::protobuf::Value& FieldIn(const google::protobuf::Value& value,
                                       const std::string& name);

}  // namespace dataip::test
