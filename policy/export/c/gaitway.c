/*
 * gaitway.c: the walking controller of gaitway.h, put together of a file for each idea, so that all but the
 * interface is static, and a firmware project has to take along no more than this file and its header. Float and double
 * are where Gaitway has them, so that both compute the same. A "twin" is the file of Gaitway that computes the same.
 */
#include "gaitway.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "-ffast-math would remove the checks for numbers that are none"
#endif

#include "internal.h"
#include "parameters.h"
#include "layouts.h"

#include "kinematics.c"
#include "gait_scheduler.c"
#include "reference_feet.c"
#include "slices.c"
#include "odometry.c"
#include "state_estimate.c"
#include "joint_reference.c"
#include "observation.c"
#include "gait_selection.c"
#include "safety.c"
#include "control.c"
#include "interface.c"

#include "weights.h"
#include "networks.c"
