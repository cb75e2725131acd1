import './base.css';
import './panel.css';
import './job.css';
import './tab.css';
import './toolbar.css';
import './form.css';
