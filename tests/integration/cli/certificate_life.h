// `dataip certificate` in an office, by holders and by officers.
#pragma once

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {

using Words = std::vector<std::string>;

class CertificateLife : public ::testing::Test {
 protected:
  Words With(const std::string& command, const std::string& number,
             const Words& more) {
    Words words = {"certificate", command, number};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // Runs `dataip certificate COMMAND NUMBER ...`; its exit code.
  int Do(const std::string& who, const std::string& command,
         const std::string& number, const Words& more = {}) {
    const Ended ended = office_.Run(who, With(command, number, more));
    out_ = ended.out;
    err_ = ended.err;
    return ended.exit_code;
  }
  // The same with both officers' keys.
  int Order(const std::string& command, const std::string& number,
            Words more = {}) {
    more.insert(more.end(), {"--key", office_.KeyFile("examiner"), "--key",
                             office_.KeyFile("approver")});
    return Do("examiner", command, number, more);
  }
  // The number of the request that was filed.
  std::string Asked(const std::string& who, const std::string& command,
                    const std::string& number, const Words& more) {
    EXPECT_EQ(Do(who, command, number, more), 0) << err_;
    return WordBehind("请求编号 ");
  }
  std::string WordBehind(const std::string& start) {
    const size_t place = out_.find(start);
    if (place == std::string::npos) {
      ADD_FAILURE() << start << " is not in " << out_;
      return "";
    }
    const size_t first = place + start.size();
    return out_.substr(
        first,
        out_.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", first) -
            first);
  }
  std::string Today() {
    return TextIn(office_.Json("root", {"registry", "show"}), "now")
        .substr(0, 10);
  }
  std::string File(const std::string& name, const std::string& content) {
    WriteFile(office_.Path(name), content);
    return office_.Path(name);
  }
  // `certificate show`, as the enterprise reads it.
  std::string Shown(const std::string& number) {
    EXPECT_EQ(Do("enterprise", "show", number), 0) << err_;
    return out_;
  }
  std::string StateOf(const std::string& number) {
    return TextIn(FieldIn(FieldIn(office_.Json("enterprise",
                                               {"certificate", "show", number}),
                                  "certificate"),
                          "status"),
                  "state");
  }

  Office& office_ = Office::Shared();
  std::string out_;
  std::string err_;
};

}  // namespace dataip::test
