// Rules of Appendix B that a table of filings cannot break: who signs, who
// acts for whom, what else is in the registry.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/registry/precheck/precheck.h"

namespace dataip::test {

struct StateBreak {
  std::string breaks;  // `BLOCKS B02 applicants[0].party_number`
  // A good form in a registry where one thing is wrong.
  std::function<std::vector<registry::Finding>()> precheck;
};

std::vector<StateBreak> StateBreaks();

}  // namespace dataip::test
