/* What the controller does with a policy that always selects a pronk. Prints what is not so; exit code 0 where all is. */

#include "gaitway_a1.h"

#include <stdio.h>

#define EXPECT(condition) \
  if (!(condition)) return printf("line %d: not so: %s\n", __LINE__, #condition), 1

static gaitway_controller c;
static gaitway_sensors s;
static gaitway_output out;

static void steps(int count) {
  for (int i = 0; i < count; i++) gaitway_step(&c, &s, &out);
}

int main(void) {
  gaitway_init(&c);
  gaitway_set_acceleration(&s, 0.0f, 0.0f, 9.81f);
  gaitway_set_orientation(&s, 1.0f, 0.0f, 0.0f, 0.0f);
  for (int j = 0; j < 12; j++) s.joint_position[j] = c.joint_target[j];
  for (int leg = 0; leg < 4; leg++) s.foot_contact[leg] = 1;

  /* It begins with a stand, and pronks from the step after the choice on, also at rest. */
  EXPECT(gaitway_command(&c, 0.0f, 0.0f, 0.0f, GAITWAY_SELECTED) == 1);
  steps(1);
  EXPECT(c.gait == GAITWAY_STAND && c.command_gait == GAITWAY_PRONK && c.selection_observation[0] == 1.0f);
  steps(1);
  EXPECT(c.gait == GAITWAY_PRONK);

  /* 0.5 s are 25 steps: in the next one the command is stale, and it stands. A new one, and it pronks again. */
  steps(23);
  EXPECT(c.gait == GAITWAY_PRONK && out.fault == GAITWAY_NO_FAULT);
  steps(1);
  EXPECT(c.gait == GAITWAY_STAND && out.fault == GAITWAY_STALE_COMMAND && !out.damping);
  gaitway_command(&c, 0.5f, 0.0f, 0.0f, GAITWAY_SELECTED);
  steps(20);
  EXPECT(c.gait == GAITWAY_PRONK && out.fault == GAITWAY_NO_FAULT);

  /* A gait that is told goes before; then it stands at rest. */
  gaitway_command(&c, 0.5f, 0.0f, 0.0f, GAITWAY_TROT);
  steps(20);
  EXPECT(c.gait == GAITWAY_TROT && c.command_gait == GAITWAY_TROT);
  gaitway_command(&c, 0.0f, 0.0f, 0.0f, GAITWAY_TROT);
  steps(20);
  EXPECT(c.gait == GAITWAY_STAND);

  EXPECT(!gaitway_command(&c, 0.0f, 0.0f, 0.0f, GAITWAY_SELECTED - 1));
  EXPECT(!gaitway_command(&c, 0.0f, 0.0f, 0.0f, GAITWAY_SELECTED + 1));
  EXPECT(!gaitway_command(&c, 0.0f, 0.0f, 0.0f, -1));
  return 0;
}
