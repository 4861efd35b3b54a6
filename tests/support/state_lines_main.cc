// state_lines DIR: folds the entries of an export, as they are, and prints the
// state that they make (state_lines.h). Checks nothing: that is the auditor's.
#include <iostream>

#include "tests/support/forge.h"
#include "tests/support/state_lines.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: state_lines DIR\n";
    return 64;
  }
  auto book = dataip::test::LoadDrafts(argv[1]);
  if (!book.ok()) {
    std::cerr << book.status() << "\n";
    return 1;
  }
  const dataip::test::Forger ledger(*std::move(book), {}, {});
  for (const std::string& line :
       dataip::test::StateLines(ledger.StateBefore(ledger.size()))) {
    std::cout << line << "\n";
  }
  return 0;
}
