// Numbers that the events of a transition give.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>
#include <vector>

#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::verify {

// What an event gives a number to, and the number.
struct GivenNumber {
  const char* kind = "";
  std::string number;
};

// Of whatever the event brings into being; none for an event about something
// that is there already.
std::vector<GivenNumber> NumbersGivenBy(const registry::v1::Event& event);

// Whether one of them was given before, in the state or by an earlier event of
// the same transition.
bool GivesNumberTwice(
    const registry::State& state,
    const google::protobuf::RepeatedPtrField<registry::v1::Event>& events);

}  // namespace dataip::verify
