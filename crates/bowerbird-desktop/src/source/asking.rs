//! What is asked of the cameras, on a thread of their own.
//!
//! A question replaces no other: while a camera takes its time, a control that is let go keeps the value it was let go at,
//! whatever is touched next. Of the values of one control only the newest is set. What is set comes before what is read, and
//! as long as there is more to set, nothing is read.

use crate::cameras::Cameras;
use bowerbird_capture::{CameraInfo, CaptureError, Control};
use bowerbird_live::{Aside, LiveError, Waker};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What they answer.
#[derive(Debug)]
pub(super) enum Answer {
    /// The cameras.
    Cameras(Vec<CameraInfo>),
    /// The controls of one.
    Controls(PathBuf, Result<Vec<Control>, CaptureError>),
    /// A control could not be set.
    Refused(CaptureError),
}

/// A value for a control.
#[derive(Clone, Debug)]
struct Setting {
    /// Which setting it is, from 1.
    number: u64,
    path: PathBuf,
    id: u32,
    value: i64,
}

/// What is still to be done.
#[derive(Debug, Default)]
struct Todo {
    settings: Vec<Setting>,
    list: bool,
    controls: Option<PathBuf>,
}

/// The thread, and what was asked of it.
#[derive(Debug)]
pub(super) struct Asking {
    worker: Aside<(), (Answer, u64)>,
    todo: Arc<Mutex<Todo>>,
    /// Settings that were not read back yet.
    open: Vec<Setting>,
    /// How many there were.
    settings: u64,
}

fn lock(todo: &Mutex<Todo>) -> MutexGuard<'_, Todo> {
    todo.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Asking {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives none.
    pub(super) fn start(cameras: Arc<dyn Cameras>, waker: Waker) -> Result<Self, LiveError> {
        let todo = Arc::<Mutex<Todo>>::default();
        let theirs = Arc::clone(&todo);
        // The number of the setting that was made last.
        let mut made = 0;
        let worker = Aside::start("cameras", waker, move |(), desk| {
            let todo = core::mem::take(&mut *lock(&theirs));
            for Setting { number, path, id, value } in todo.settings {
                let set = cameras.set_control(&path, id, value);
                made = number;
                if let Err(error) = set {
                    desk.answer((Answer::Refused(error), made));
                }
            }
            if todo.list {
                desk.answer((Answer::Cameras(cameras.list()), made));
            }
            let Some(path) = todo.controls else { return };
            let mut newer = lock(&theirs);
            if newer.settings.is_empty() {
                drop(newer);
                let controls = cameras.controls(&path);
                desk.answer((Answer::Controls(path, controls), made));
            } else {
                newer.controls.get_or_insert(path);
            }
        })?;
        Ok(Self { worker: worker.detached(), todo, open: Vec::new(), settings: 0 })
    }

    /// Asks which cameras there are.
    pub(super) fn list(&self) {
        lock(&self.todo).list = true;
        self.worker.ask(());
    }

    /// Asks for the controls of a camera, in the order they are set.
    pub(super) fn controls(&self, path: &Path) {
        lock(&self.todo).controls = Some(path.to_owned());
        self.worker.ask(());
    }

    /// Sets a control, and asks for what they are then: some follow others.
    pub(super) fn set(&mut self, path: &Path, id: u32, value: i64) {
        self.settings += 1;
        let setting = Setting { number: self.settings, path: path.to_owned(), id, value };
        let other = |setting: &Setting| (setting.path.as_path(), setting.id) != (path, id);
        self.open.retain(other);
        self.open.push(setting.clone());
        let mut todo = lock(&self.todo);
        todo.settings.retain(other);
        todo.settings.push(setting);
        todo.controls = Some(path.to_owned());
        drop(todo);
        self.worker.ask(());
    }

    /// The answers since the last call, oldest first. Controls that have been set since they were read have the value they
    /// were set to.
    pub(super) fn answers(&mut self) -> Vec<Answer> {
        let answers = self.worker.answers().into_iter();
        answers.map(|(answer, made)| self.settle(answer, made)).collect()
    }

    fn settle(&mut self, mut answer: Answer, made: u64) -> Answer {
        if let Answer::Controls(path, Ok(controls)) = &mut answer {
            self.open.retain(|setting| setting.number > made);
            for setting in self.open.iter().filter(|setting| setting.path == *path) {
                if let Some(control) = controls.iter_mut().find(|control| control.id == setting.id) {
                    control.value = setting.value;
                }
            }
        }
        answer
    }

    /// Whether something asked is not answered.
    pub(super) fn busy(&self) -> bool {
        self.worker.busy()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bowerbird_capture::{CameraRequest, ControlKind, Opener};
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
    use std::time::Duration;

    /// Longer than anything here takes on a busy machine.
    const PATIENCE: Duration = Duration::from_secs(60);

    /// A camera that says what it is asked, and goes on when it is told to.
    #[derive(Debug)]
    struct Slow {
        values: Mutex<Vec<(u32, i64)>>,
        asked: SyncSender<String>,
        go: Mutex<Receiver<()>>,
    }

    impl Slow {
        fn wait(&self, what: String) {
            self.asked.send(what).unwrap();
            self.go.lock().unwrap().recv_timeout(PATIENCE).unwrap();
        }
    }

    impl Cameras for Slow {
        fn list(&self) -> Vec<CameraInfo> {
            self.wait("list".into());
            Vec::new()
        }

        fn controls(&self, _: &Path) -> Result<Vec<Control>, CaptureError> {
            let read = self.values.lock().unwrap().clone();
            self.wait("controls".into());
            let control = |(id, value)| Control {
                id,
                name: String::new(),
                kind: ControlKind::Integer,
                min: 0,
                max: 100,
                step: 1,
                default: 0,
                value,
                items: Vec::new(),
                read_only: false,
                inactive: false,
            };
            Ok(read.into_iter().map(control).collect())
        }

        fn set_control(&self, _: &Path, id: u32, value: i64) -> Result<(), CaptureError> {
            self.wait(format!("{id} = {value}"));
            self.values.lock().unwrap().iter_mut().filter(|(other, _)| *other == id).for_each(|(_, now)| *now = value);
            Ok(())
        }

        fn opener(&self, _: CameraRequest) -> Opener {
            unreachable!("nothing is opened")
        }
    }

    #[test]
    fn no_question_is_lost_while_a_camera_takes_its_time() {
        let ((asked, questions), (go, gone)) = (sync_channel(9), sync_channel(9));
        let values = Mutex::new(vec![(1, 0), (2, 0)]);
        let camera = Slow { values, asked, go: Mutex::new(gone) };
        let mut asking = Asking::start(Arc::new(camera), Arc::new(|| ())).unwrap();
        let path = Path::new("/dev/video0");
        let next = || questions.recv_timeout(PATIENCE).unwrap();
        let values = |answers: Vec<Answer>| match &answers[..] {
            [Answer::Controls(_, Ok(controls))] => controls.iter().map(|control| control.value).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let settled = |asking: &Asking| {
            while asking.busy() {
                std::thread::yield_now();
            }
        };

        // While the controls are read, one is dragged and another set, and the list is asked for.
        asking.controls(path);
        assert_eq!(next(), "controls");
        for value in [10, 20, 30] {
            asking.set(path, 1, value);
        }
        asking.set(path, 2, 40);
        asking.list();
        go.send(()).unwrap();
        assert_eq!(next(), "1 = 30", "of the values of a drag the last one");
        // What was read before does not bring the old values back.
        assert_eq!(values(asking.answers()), [30, 40]);
        // More is set: that is done before anything is read.
        asking.set(path, 1, 50);
        for question in ["2 = 40", "list", "1 = 50", "controls"] {
            go.send(()).unwrap();
            assert_eq!(next(), question);
        }
        assert!(matches!(asking.answers()[..], [Answer::Cameras(_)]));
        go.send(()).unwrap();
        settled(&asking);
        assert_eq!(values(asking.answers()), [50, 40]);

        // A value that the camera does not keep is seen when it is read.
        asking.controls(path);
        assert_eq!(next(), "controls");
        go.send(()).unwrap();
        settled(&asking);
        assert_eq!(values(asking.answers()), [50, 40]);
        assert!(asking.open.is_empty());
    }
}
